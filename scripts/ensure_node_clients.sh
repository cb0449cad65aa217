#!/usr/bin/env bash
# Makes sure that the tests with Node's clients of Perspective have them, where there is Node; never fails.
set -u
cd "$(dirname "$0")/../tests/compat/clients/node" || exit 0

skipped() {
  echo "The tests with Node clients will be skipped: $1"
  exit 0
}

command -v node > /dev/null && command -v npm > /dev/null || skipped "node and npm are not installed"
node -e 'process.exit(Number(parseInt(process.versions.node, 10) < 18))' || skipped "Node 18 or newer is needed"
[ node_modules/.package-lock.json -nt package-lock.json ] && exit 0

echo "Installing the Node clients for the tests (once) ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error > "$log" 2>&1; then
  tail -n 5 "$log"
  rm -rf node_modules
  skipped "npm could not install them"
fi
touch node_modules/.package-lock.json
