#!/usr/bin/env bash
# Measure the built site with Lighthouse: tests/benchmarks/lighthouse.sh. Needs Node 20, npm and Chromium.
# Lighthouse is installed into a folder of its own and thrown away with it: nothing of the project needs it.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

"$root/scripts/build" --out "$work/site" >/dev/null
cp "$root/tests/benchmarks/lighthouse.mjs" "$work/"
npm install --silent --no-audit --no-fund --prefix "$work" lighthouse@12.8.2
cd "$root"
.venv/bin/python -m tests.site.static_host "$work/site" >"$work/address" &
server=$!
until [ -s "$work/address" ]; do sleep 0.1; done
node "$work/lighthouse.mjs" "$(cat "$work/address")" "$browser"
