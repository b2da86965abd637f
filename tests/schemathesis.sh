#!/bin/sh
# An outside opinion of the reference server: Schemathesis makes requests from both OpenAPI documents, right ones and
# wrong ones, and sequences of them, and holds every answer against the documents. It needs Python and, the first time,
# PyPI. Usage: tests/schemathesis.sh [requests per operation, 100 unless given]
set -eu
cd "$(dirname "$0")/.."
version=4.32.5
work=target/schemathesis
mkdir -p "$work"

schemathesis="$PWD/$work/venv/bin/schemathesis"
if [ "$("$schemathesis" --version 2>/dev/null || true)" != "schemathesis, version $version" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet "schemathesis==$version"
fi

# Fast enough for sessions to finish between two requests, slow enough for them not to expire: after 18 s.
cargo build --quiet --package abide
target/debug/abide serve --listen 127.0.0.1:0 --speed 100 --db "$work/sessions.db" >"$work/serve.out" 2>"$work/serve.err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$work"/sessions.db*' EXIT
tries=0
until grep -q '^HUM_API_TOKEN_2=' "$work/serve.out"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { cat "$work/serve.err" >&2; exit 1; }
    sleep 0.1
done
base=$(sed -n 's/^listening //p' "$work/serve.out")
calmyx=$(sed -n 's/^CALMYX_API_KEY=//p' "$work/serve.out")
hum=$(sed -n 's/^HUM_API_TOKEN=//p' "$work/serve.out")

# Holds the server against a document. The credential goes by the environment; the configuration names the variable.
# judge <api> <value of Authorization> [more arguments]
failed=0
judge() {
    api=$1
    authorization=$2
    shift 2
    AUTHORIZATION=$authorization "$schemathesis" --config-file tests/schemathesis.toml run "spec/$api/openapi.yaml" \
        --url "$base" --checks all --phases examples,coverage,fuzzing,stateful --max-examples "$cases" \
        --continue-on-failure --generation-database none --no-color "$@" || failed=1
}

cases=${1:-100}
judge calmyx "$calmyx"
# One tag at a time: left to itself, the stateful phase takes the list of analytics for the source of sessions, and
# never creates one.
judge hum "Bearer $hum" --include-tag session
judge hum "Bearer $hum" --include-tag analytics

# It must have survived all of that, without a word of complaint.
kill -0 "$server"
if [ -s "$work/serve.err" ]; then
    cat "$work/serve.err" >&2
    failed=1
fi
exit "$failed"
