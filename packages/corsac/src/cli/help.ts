/** What `corsac --help` prints. */
export const help: string = `corsac: CORS access control

  corsac check <url> --origin <origin>
                           would a browser allow it, and if not, why?
  corsac methods <openapi.json|url>
                           does an API keep what HTTP methods promise?
  corsac gateway <upstream> --origin <origin>
                           stand before an API and let pages of origin read it
  corsac <command> --help  its options, with examples
  corsac --version
`;

/** What `corsac check --help` prints. */
export const checkHelp: string = `corsac check <url> --origin <origin> [options]

Makes the request that a page of <origin> would make to <url>, as browsers do,
and tells whether the page gets the answer, why not, and what to change.

The request
  -X, --method <method>     GET, or POST with --data; case counts
  -H, --header <header>     'Name: value'; again for more
  -d, --data <text>         the body
      --credentials [mode]  include (also without a value), omit, same-origin
                            (the default)
  -b, --cookie <cookies>    'a=1; b=2' that the browser has for <url>; implies
                            --credentials
      --mode <mode>         cors (the default), no-cors, same-origin
      --redirect <mode>     follow (the default), error, manual
      --read-header <name>  a response header that the script wants to read;
                            again for more
      --send                really send POST, PUT, PATCH or DELETE once the
                            preflight allows it; without it, the preflight only

The check
      --browser <name>      whose rules decide: standard (the default),
                            chromium, firefox, webkit
      --no-probe            send nothing that a browser would not send

The connection
      --timeout <seconds>   for each request; 30 if not given
      --proxy <url>         an HTTP proxy
      --resolve <host:port:address>
                            go to address for host and port; again for more
      --ca-cert <file>      trust these authorities (PEM)
  -k, --insecure            trust every certificate

The output
      --json                one JSON object, schema corsac.check/1
      --no-color            also NO_COLOR=1; FORCE_COLOR=1 forces colour

Exit status: 0 allowed, 1 blocked or not verified, 2 wrong usage, 3 unreachable

Examples
  corsac check https://api.example/books --origin https://app.example
  corsac check http://localhost:4000/books/Dune --origin http://localhost:3000 \\
    -X PUT -H 'Content-Type: application/json' -d '{}'
  corsac check https://api.example/me --origin https://app.example --credentials
  corsac check https://staging.example/ --origin https://app.example --json
`;
