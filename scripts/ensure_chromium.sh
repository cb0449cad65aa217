#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium, where that is possible without asking; never fails.
# The one without a window of its own (headless shell) is taken where Debian has it: it costs less of the processor.
set -u

command -v chromium-headless-shell > /dev/null && exit 0

skipped() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" > /dev/null && exit 0
  done
  echo "The browser tests will be skipped: $1"
  exit 0
}

command -v apt-get > /dev/null || skipped "there is no Chromium, and no apt-get to install it with"
[ "$(id -u)" = 0 ] || skipped "there is no Chromium; install it with: sudo apt-get install chromium"

echo "Installing Chromium for the browser tests (once) ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install="apt-get install -y --no-install-recommends"
if ! { apt-get update && { $install chromium-headless-shell || $install chromium; }; } > "$log" 2>&1; then
  tail -n 5 "$log"
  skipped "Chromium could not be installed"
fi
