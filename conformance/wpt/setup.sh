#!/bin/bash
# Prepares everything the harness needs outside this folder:
#   1. the web-platform-tests subset, taken out of the history of a clone of nodejs/undici
#   2. a throw-away CA and a certificate for the test host names
#   3. npm packages for the runners (with --npm)
#   4. host names in the hosts file (with --hosts; only WebKit needs them)
#
#   UNDICI_GIT=<git directory of nodejs/undici> ./setup.sh [--npm] [--hosts]
#
# WPT_DIR (default: <temp>/wpt-tests) receives the tests, LAB_NPM (default: <temp>/wpt-npm) the packages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tmp=${TMPDIR:-/tmp}
WPT_DIR=${WPT_DIR:-$tmp/wpt-tests}
LAB_NPM=${LAB_NPM:-$tmp/wpt-npm}
# Last commit of undici which vendors the tests (August 2025); its child replaced them by a submodule.
COMMIT=5ceaf61352d45608d02ebd4ee4b2eba3156e1b1b^
VENDORED=test/fixtures/wpt

if [ ! -e "$WPT_DIR/resources/testharness.js" ]; then
  if [ -z "${UNDICI_GIT:-}" ] || ! git -C "$UNDICI_GIT" cat-file -e "$COMMIT:$VENDORED" 2>/dev/null; then
    echo "The tests are not there, and UNDICI_GIT does not name a git directory which holds them." >&2
    echo "Get a full clone (whole history) of the public repository nodejs/undici, then run:" >&2
    echo "UNDICI_GIT=<its git directory> $0" >&2
    exit 1
  fi
  mkdir -p "$WPT_DIR"
  git -C "$UNDICI_GIT" archive "$COMMIT:$VENDORED" | tar -x -C "$WPT_DIR"
fi
echo "tests: $(find "$WPT_DIR" -type f | wc -l) files in $WPT_DIR"

mkdir -p "$WPT_DIR/.lab"
cd "$WPT_DIR/.lab"
if [ ! -e leaf.pem ]; then
  names=""
  for d in web-platform.test not-web-platform.test; do
    names="$names,DNS:$d,DNS:*.$d"
  done
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=lab wpt CA" \
    -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=web-platform.test" \
    -keyout leaf.key -out leaf.csr 2>/dev/null
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "DNS:localhost,IP:127.0.0.1$names" >leaf.ext
  openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile leaf.ext \
    -out leaf.crt 2>/dev/null
  cat leaf.crt leaf.key >leaf.pem
fi
echo "certificate: $WPT_DIR/.lab/leaf.pem (CA: $WPT_DIR/.lab/ca.pem)"

for arg in "$@"; do
  case $arg in
    --npm)
      mkdir -p "$LAB_NPM"
      cp "$here/peers.json" "$LAB_NPM/package.json"
      (cd "$LAB_NPM" && npm install --no-audit --no-fund --silent)
      echo "packages: $LAB_NPM/node_modules"
      ;;
    --hosts)
      for d in web-platform.test not-web-platform.test; do
        for p in "" www. www1. www2.; do
          grep -qE "[[:space:]]$p$d( |$)" /etc/hosts || echo "127.0.0.1 $p$d" >>/etc/hosts
        done
      done
      echo "hosts file: test names point to 127.0.0.1"
      ;;
    *) echo "unknown option $arg" >&2; exit 1 ;;
  esac
done
