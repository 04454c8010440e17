/** What `corsac gateway --help` prints. */
export const gatewayHelp: string = `corsac gateway <upstream> --origin <origin> [options]
corsac gateway --config <file> [options]

Stands before an API and lets the pages of <origin> read it: adds the CORS
policy, answers preflights, caches and repeats what HTTP methods allow.
Listens on http://127.0.0.1:8080, for this machine only.

Who may read
      --origin <origin>     pages that may; again for more, '*' for all
      --credentials         they may send cookies and read what comes back
      --methods <list>      besides GET, HEAD and POST: PUT,DELETE or '*'
      --request-headers <list>
                            that pages may send: Content-Type, or '*'
      --exposed-headers <list>
                            that scripts may read

The upstream
  -H, --header <header>     'Name: value' for every request to it, such as its
                            key; pages do not see it
      --open <origin>       instead of <upstream>: any URL of this origin, as
                            in /https://api.example/books; again for more
      --allow-private       its name may stand for an address that is not public
      --no-retries          send nothing a second time

The cache
      --cache <where>       memory (the default), a SQLite file, or redis://…
      --no-cache            keep nothing

Where it listens
      --port <port>         8080 if not given; 0 takes a free one
      --address <address>   127.0.0.1 if not given; 0.0.0.0 opens the gateway to
                            the network
      --host <name>         a name that clients may call it by; again for more
      --tls                 HTTPS and HTTP/2, with a certificate for development
      --tls-key <file>      with this key and certificate (PEM)
      --tls-certificate <file>
      --workers <number>    processes that share the port

Operation
      --config <file>       routes, mocks, limits and all else in JSON; read
                            again when it changes
      --access-log <file>   a line of JSON for each request; - for the output
      --har <file>          record all exchanges, secrets redacted
      --metrics             counters for Prometheus at /-/metrics
      --deadline <seconds>  for requests under way when it is stopped; 10 if not
                            given
      --no-color            also NO_COLOR=1; FORCE_COLOR=1 forces colour

Ctrl-C stops it; a second one at once.
Exit status: 0 stopped, 2 wrong usage or configuration, 3 cannot listen

Examples
  corsac gateway https://api.weather.example --origin http://localhost:3000
  corsac gateway http://localhost:4000 --origin http://localhost:3000 \\
    --credentials --methods PUT,DELETE --request-headers Content-Type
  corsac gateway --config gateway.json --workers 2
`;
