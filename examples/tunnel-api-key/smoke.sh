#!/bin/sh
# Looks whether a guarded MCP server can be used from where this runs.
#
#   MCP_KEY=… ./smoke.sh https://cfpb-mcp.example.com            Streamable HTTP at /mcp
#   MCP_KEY=… ./smoke.sh https://cfpb-mcp.example.com/sse sse    the older transport: a stream, and a path for messages
#
# MCP_KEEP_ALIVE=25 also waits so many seconds for a sign of life on a silent stream.
# Exit codes: 0 all is well, 1 something is not (each line that says FAIL), 64 wrong usage.
set -u

usage() { echo "usage: MCP_KEY=KEY $0 URL [http|sse]" >&2; exit 64; }
[ $# -ge 1 ] && [ -n "${MCP_KEY:-}" ] || usage
transport=${2:-http}
case $transport in http | sse) ;; *) usage ;; esac
origin=$(printf '%s' "$1" | sed -E 's|^(https?://[^/]+).*|\1|')
path=${1#"$origin"}
case $path in '' | /) [ "$transport" = sse ] && path=/sse || path=/mcp ;; esac

umask 077
dir=$(mktemp -d)
stream=
trap '[ -n "$stream" ] && kill "$stream" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
# The key stands in a file, not among the arguments, which every user of the machine can see.
printf 'X-API-Key: %s\n' "$MCP_KEY" >"$dir/key"
printf 'X-API-Key: wrong\n' >"$dir/wrong"
printf 'X-Nothing: 1\n' >"$dir/none"
printf 'Authorization: Bearer %s\n' "$MCP_KEY" >"$dir/bearer"
: >"$dir/session"

failures=0
ok() { echo "ok    $1"; }
fail() { echo "FAIL  $1"; [ -n "${2:-}" ] && echo "      $2"; failures=$((failures + 1)); }

# send KEYFILE URL [curl options]: the status goes to $status, the rest to $dir/head and $dir/body.
# What is refused for its rate waits as long as it is told, and is sent again.
send() {
  file=$1 url=$2
  shift 2
  for _ in 1 2 3 4 5; do
    : >"$dir/head"; : >"$dir/body"
    status=$(curl -sS --max-time "${MCP_TIMEOUT:-15}" -o "$dir/body" -D "$dir/head" -w '%{http_code}' \
      -H "@$dir/$file" -H "@$dir/session" "$@" "$url" 2>"$dir/error")
    [ "$status" = 429 ] || return 0
    sleep "$(header retry-after | grep -E '^[0-9]+$' || echo 1)"
  done
}
header() { tr -d '\r' <"$dir/head" | sed -n "s/^$1: *//Ip" | tail -n 1; }
reason() { echo "status $status: $(head -c 200 "$dir/body" | tr '\n' ' ')$(head -c 200 "$dir/error")"; }
post() { file=$1 url=$2 body=$3; send "$file" "$url" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d "$body"; }

initialize='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"smoke","version":"1"}}}'
initialized='{"jsonrpc":"2.0","method":"notifications/initialized"}'
list='{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}'
refusal='{"error":{"type":"auth","message":"Missing or invalid API key"}}'

refused() { # KEYFILE URL WHAT
  send "$1" "$2" -H 'Accept: text/event-stream'
  if [ "$status" = 401 ] && [ "$(tr -d ' \n' <"$dir/body")" = "$(printf %s "$refusal" | tr -d ' ')" ]; then ok "$3: 401"
  else fail "$3: 401 with the guard's JSON is wanted" "$(reason)"; fi
}

# open_stream URL: a stream that stays open, into $dir/events, its head into $dir/stream.
open_stream() {
  : >"$dir/events"; : >"$dir/stream"
  curl -sSN --max-time 120 --compressed -D "$dir/stream" -o "$dir/events" -H "@$dir/key" -H "@$dir/session" \
    -H 'Accept: text/event-stream' "$1" 2>"$dir/error" &
  stream=$!
}
# appears FILE PATTERN SECONDS
appears() {
  tries=$(($3 * 5))
  while [ "$tries" -gt 0 ]; do
    grep -qi "$2" "$1" && return 0
    sleep 0.2; tries=$((tries - 1))
  done
  return 1
}
check_stream() {
  if appears "$dir/stream" '^content-type: *text/event-stream' 10; then ok 'the stream opens at once: text/event-stream'
  else fail 'the stream does not open' "$(head -n 1 "$dir/stream" | tr -d '\r') $(head -c 200 "$dir/error") (buffered on the way, or refused)"; fi
  if grep -qi '^content-encoding:' "$dir/stream"; then fail 'the stream is compressed, which holds its events back'; else ok 'the stream is not compressed'; fi
}
check_keep_alive() {
  [ -n "${MCP_KEEP_ALIVE:-}" ] || return 0
  size=$(wc -c <"$dir/events"); waited=0
  while [ "$waited" -lt "$MCP_KEEP_ALIVE" ]; do
    [ "$(wc -c <"$dir/events")" -gt "$size" ] && { ok "a silent stream shows a sign of life after $waited seconds"; return 0; }
    sleep 1; waited=$((waited + 1))
  done
  fail "a silent stream shows no sign of life in $MCP_KEEP_ALIVE seconds: proxies close such streams"
}

refused none "$origin$path" 'without a key'
refused wrong "$origin$path" 'with a wrong key'

if [ "$transport" = http ]; then
  post bearer "$origin$path" "$initialize"
  if [ "$status" = 200 ]; then ok 'Authorization: Bearer arrives'; else fail 'Authorization: Bearer does not arrive (the header is lost on the way?)' "$(reason)"; fi
  post key "$origin$path" "$initialize"
  if [ "$status" = 200 ] && grep -q '"serverInfo"' "$dir/body"; then ok 'X-API-Key arrives, and the server answers initialize'
  else fail 'the server does not answer initialize' "$(reason)"; fi
  session=$(header mcp-session-id)
  { echo 'MCP-Protocol-Version: 2025-06-18'; [ -z "$session" ] || echo "Mcp-Session-Id: $session"; } >"$dir/session"
  post key "$origin$path" "$initialized"
  if [ "$status" = 202 ] || [ "$status" = 200 ]; then ok 'messages get through'; else fail 'messages do not get through' "$(reason)"; fi
  post key "$origin$path" "$list"
  if [ "$status" = 200 ] && grep -q '"tools": *\[' "$dir/body"; then ok "tools: $(grep -o '"inputSchema"' "$dir/body" | wc -l | tr -d ' ')"
  else fail 'the tools cannot be listed' "$(reason)"; fi
  if [ -n "$session" ]; then open_stream "$origin$path"; check_stream; check_keep_alive; fi
else
  open_stream "$origin$path"
  check_stream
  if appears "$dir/events" '^data:' 10; then
    messages=$(tr -d '\r' <"$dir/events" | sed -n 's/^data: *//p' | head -n 1)
    case $messages in http*) ;; /*) messages=$origin$messages ;; *) messages=$origin/$messages ;; esac
    case $messages in "$origin"/*) ok 'the path for messages is on the same host' ;; *) fail "the path for messages is elsewhere: $messages" ;; esac
    refused none "$messages" 'messages without a key'
    post key "$messages" "$initialize"
    case $status in
    2*)
      ok 'messages get through'
      if appears "$dir/events" '"serverInfo"' 10; then ok 'the server answers initialize on the stream'; else fail 'no answer comes on the stream'; fi
      post key "$messages" "$initialized"
      post key "$messages" "$list"
      if appears "$dir/events" '"tools": *\[' 10; then sleep 0.2; ok "tools: $(grep -o '"inputSchema"' "$dir/events" | wc -l | tr -d ' ')"; else fail 'the tools cannot be listed'; fi
      ;;
    *) fail 'the stream is there, and messages do not get through: a client says that it cannot connect' "$(reason)" ;;
    esac
    check_keep_alive
  else
    fail 'the stream does not say where messages go'
  fi
fi

send key "$origin/.well-known/oauth-protected-resource"
case $(header content-type) in application/json*) json=yes ;; *) json=no ;; esac
if [ "$status" = 404 ] && [ $json = yes ]; then ok '/.well-known is a JSON 404: clients do not look for OAuth'
else fail '/.well-known should be a JSON 404' "$(reason)"; fi

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
