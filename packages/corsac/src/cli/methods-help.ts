/** What `corsac methods --help` prints. */
export const methodsHelp: string = `corsac methods <openapi.json|url> [options]

Verifies that a live API keeps what HTTP methods promise: safe methods change
nothing, PUT and DELETE can be repeated, HEAD answers as GET does, Allow tells
the truth, ETag and If-Match do what they say. Takes an OpenAPI 3 document in
JSON, as a file or a URL, or the URL of one resource.

Sends GET, HEAD, OPTIONS, TRACE and QUERY only, and follows no redirects.

The API
      --server <url>        its address, when the document does not say
  -H, --header <header>     'Name: value' for every request; again for more
      --origin <origin>     the page that asks, sent as Origin

Unsafe methods
      --allow-unsafe        send PUT, PATCH, DELETE and POST too, to resources
                            that this run creates and removes; PUT of what GET
                            returned where there is only one
      --confirm-host <host> needed as well when the API is not on this machine

Limits
      --timeout <seconds>   for each answer; 10 if not given
      --budget <requests>   in all; 1000 if not given
      --time-limit <seconds>
                            in all; 300 if not given
      Ctrl-C                ends with what was found so far

The output
      --json                one JSON object, schema corsac.methods/1
      --no-color            also NO_COLOR=1; FORCE_COLOR=1 forces colour

Exit status: 0 clean (notes at most), 1 findings, 2 wrong usage, 3 unreachable

Examples
  corsac methods http://localhost:4000/openapi.json
  corsac methods openapi.json --server http://localhost:4000 --allow-unsafe
  corsac methods https://api.example/books -H 'Authorization: Bearer …'
  corsac methods https://staging.example/openapi.json --allow-unsafe \\
    --confirm-host staging.example --budget 500 --json
`;
