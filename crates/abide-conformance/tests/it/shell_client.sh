# A Hum client of small programs, curl and jq among them, each of which has to be started: what a busy machine starves.
# ABIDE_TEST_FAULT: late (first status call), hurried (gaps), steady (gaps that do not grow), tireless (no cap).
now() { echo $(($(date +%s%N) / 1000000)); }
pause() { sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }
end() { echo "outcome: $1"; exit; }
gap=2500
[ "$ABIDE_TEST_FAULT" = hurried ] && gap=1200
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ask() {
  code=$(curl -s -D "$folder/head" -o "$folder/body" -w '%{http_code}' \
    -H "Authorization: Bearer $ABIDE_CREDENTIAL" "$@") || code=000
}
word() { jq -r ".meta.agent_status.$1 // \"pending\"" "$folder/body" 2>/dev/null; }

ask -X POST -H 'Content-Type: application/json' --data "@$ABIDE_INPUT" "$ABIDE_BASE_URL/sessions"
case $code in 401|403|404) end error ;; esac
token=$(jq -r '.meta.session_token // .data.session_token | @uri' "$folder/body")
[ "$ABIDE_TEST_FAULT" = late ] && sleep 2
first=$(now)
wait=$gap last='' throttled=$gap
while :; do
  ask "$ABIDE_BASE_URL/sessions/$token"
  case $code in
    401|403|404) end error ;;
    410) end gone ;;
    429|503)
      asked=$(sed -n 's/^retry-after: *\([^\r]*\)\r*$/\1/Ip' "$folder/head")
      case $asked in
        '') throttled=$((throttled * 2)); next=$throttled ;;
        *[!0-9]*) next=$((($(date -d "$asked" +%s) + 1) * 1000 - $(now))) ;;
        *) next=$((asked * 1000 + 100)) ;;
      esac ;;
    2??)
      geocoding=$(word geocoding) internet=$(word internet)
      case $geocoding/$internet in
        matched/matched) end completed ;;
        matched/multiple|matched/failed|multiple/matched|failed/matched) end partial ;;
        multiple/multiple|multiple/failed|failed/multiple|failed/failed) end failed ;;
      esac
      this="$code $geocoding $internet"
      if [ "$this" != "$last" ]; then wait=$gap
      elif [ "$ABIDE_TEST_FAULT" != steady ]; then wait=$((wait * 2)); fi
      last=$this next=$wait ;;
    *) next=$gap ;;
  esac
  [ "$ABIDE_TEST_FAULT" != tireless ] && [ $(($(now) + next - first)) -gt 29500 ] && end gave-up
  pause $next
done
