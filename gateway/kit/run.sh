#!/usr/bin/env bash
# Starts the reference application on Tuli - gateway, backend, two replicas - on free ports, runs the conformance kit
# against it, ends everything. The last line is `N passed, N failed`.
#
#   run.sh [test file...]   the kit's tests: all, or these
#   run.sh --browser        the steps in a browser instead; $BROWSER, or the Chromium that is found
#   run.sh --kit --browser  both
#   run.sh --serve          only starts the application; prints {"url":...,"pid":...} and stays until SIGTERM
#
# KIT_DIR names another copy of the kit. KIT_CLASSPATH and JAVA_HOME take the place of a build of this repository.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
kit=$(cd "${KIT_DIR:-$here}" && pwd -P)

kit_wanted= browser_wanted= serve_wanted=
files=()
for word in "$@"; do
    case $word in
    --kit) kit_wanted=1 ;;
    --browser) browser_wanted=1 ;;
    --serve) serve_wanted=1 ;;
    -*) echo "run.sh: --kit, --browser, --serve or test files: $word" >&2 && exit 2 ;;
    *) files+=("$word") ;;
    esac
done
[ -n "$browser_wanted" ] || kit_wanted=1

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

# ---- what is needed ------------------------------------------------------------------------------

if [ -z "$serve_wanted" ]; then
    node_version=$(node --version 2>/dev/null || true)
    node_version=${node_version#v}
    [ "${node_version%%.*}" -ge 20 ] 2>/dev/null || fail "Node 20 or newer is needed, found: ${node_version:-none}"
    if [ ! -d "$kit/node_modules" ]; then
        (cd "$kit" && npm ci --no-audit --no-fund >&2) || fail "npm ci did not work in $kit"
    fi
fi
if [ -n "$browser_wanted" ]; then
    for name in "${BROWSER-}" chromium chromium-browser google-chrome; do
        BROWSER=$(command -v "${name:-none}" || true)
        [ -z "$BROWSER" ] || break
    done
    [ -n "$BROWSER" ] || fail "no Chromium is found; BROWSER names one"
    export BROWSER
fi
if [ -z "${JAVA_HOME-}" ] || [ -z "${KIT_CLASSPATH-}" ]; then
    JAVA_HOME=$("$root/bin/pick-jdk.sh" 21 25)
    export JAVA_HOME
fi
KIT_JAVA_FLAGS="-Xmx192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
jdk=$("$root/bin/pick-jdk.sh" --version-of "$JAVA_HOME")
[ "${jdk%%[.+-]*}" -lt 24 ] || KIT_JAVA_FLAGS="$KIT_JAVA_FLAGS --sun-misc-unsafe-memory-access=allow"
export KIT_JAVA_FLAGS
if [ -z "${KIT_CLASSPATH-}" ]; then
    build=$(TULI_JVM_FLAGS=${KIT_JAVA_FLAGS#*TieredStopAtLevel=1 } "$root/bin/build-if-stale")
    export KIT_CLASSPATH="$build/lib/*:$build/tuli.jar"
fi

# ---- the application -----------------------------------------------------------------------------

STACK_DIR=$(mktemp -d "${TMPDIR:-/tmp}/tuli-kit-XXXXXX")
export STACK_DIR
mkfifo "$STACK_DIR/alive"
exec 9<>"$STACK_DIR/alive" # its processes end when this one does, however it does
export KIT_MESH="kit-$$-$RANDOM"
stack="'$here/stack.sh'"
export KILL_INSTANCE_A="$stack kill instance-a" START_INSTANCE_A="$stack start instance-a"
export KILL_INSTANCE_B="$stack kill instance-b" START_INSTANCE_B="$stack start instance-b"
export PAUSE_INSTANCE_A="$stack pause instance-a" RESUME_INSTANCE_A="$stack resume instance-a"
export START_LATE="$stack start late" STOP_LATE="$stack stop late"
export KIT_SLOW="${KIT_SLOW-1}"
export JWT_SECRET=${JWT_SECRET:-kit-secret-of-at-least-thirty-two-bytes} CALL_TIMEOUT=${CALL_TIMEOUT:-2000}

children=()
cleanup() {
    trap - EXIT INT TERM
    for child in ${children[@]+"${children[@]}"}; do kill "$child" 2>/dev/null || true; done
    "$here/stack.sh" resume instance-a || true
    for name in gateway backend instance-a instance-b late; do
        "$here/stack.sh" stop "$name" 9>&- 8>&- &
    done
    [ -z "${solo-}" ] || STACK_DIR=$solo "$here/stack.sh" stop solo 9>&- 8>&- &
    wait
    if [ -n "${KIT_KEEP-}" ]; then echo "logs: $STACK_DIR" >&2; else rm -rf "$STACK_DIR"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Waits until the gateway of a directory, which is a process of this name, says where it is.
await_url() {
    for _ in $(seq 600); do
        [ ! -s "$1/url" ] || return 0
        kill -0 "$(cat "$1/$2.pid")" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 30 "$1"/*.log >&2
    fail "the reference application does not come up"
}

"$here/stack.sh" start gateway backend instance-a instance-b
solo=
if [ -n "$kit_wanted" ] && [ -z "$serve_wanted" ] && [ ${#files[@]} -eq 0 ]; then
    # What is read byte by byte must not be disturbed by events of what others do.
    solo=$STACK_DIR/solo
    mkdir "$solo"
    mkfifo "$solo/alive"
    exec 8<>"$solo/alive"
    STACK_DIR=$solo KIT_MESH=$KIT_MESH-solo "$here/stack.sh" start solo
    await_url "$solo" solo
fi
await_url "$STACK_DIR" gateway
GATEWAY_URL=$(cat "$STACK_DIR/url")
export GATEWAY_URL

if [ -n "$serve_wanted" ]; then
    echo "{\"url\":\"$GATEWAY_URL\",\"pid\":$$}"
    sleep infinity 9>&- 8>&- &
    children+=($!)
    while kill -0 "${children[0]}" 2>/dev/null; do wait "${children[0]}" || true; done
    exit 0
fi

# ---- the tests -----------------------------------------------------------------------------------

passed=0 failed=0 skipped=0

# Runs files one after the other, and keeps what they say apart from that of others.
run_files() { # label, how many at once, files...
    label=$1 at_once=$2
    shift 2
    (cd "$kit" && exec node --test --test-concurrency="$at_once" \
        --test-reporter=spec --test-reporter-destination="$STACK_DIR/$label.spec" \
        --test-reporter=tap --test-reporter-destination="$STACK_DIR/$label.tap" "$@") \
        >"$STACK_DIR/$label.out" 2>&1 9>&- 8>&- &
    children+=($!)
    labels+=("$label")
}

count() { # of which kind, in which output
    sed -n "s/^# $1 \([0-9]*\)\$/\1/p" "$STACK_DIR/$2.tap" 2>/dev/null | tail -n 1
}

if [ -n "$kit_wanted" ]; then
    labels=()
    if [ ${#files[@]} -gt 0 ]; then
        run_files chosen 1 "${files[@]}"
    else
        # Health looks at the replicas, which the tests of replicas kill; nothing else does.
        cd "$kit"
        apart=() alone=() others=()
        for file in test/*.test.mjs; do
            case $file in
            *health* | *replicas*) apart+=("$file") ;;
            *engine*) alone+=("$file") ;;
            *) others+=("$file") ;;
            esac
        done
        GATEWAY_URL=$(cat "$solo/url") run_files engine 1 "${alone[@]}"
        run_files replicas 1 "${apart[@]}"
        run_files others "${KIT_CONCURRENCY:-2}" "${others[@]}"
    fi
    for child in "${children[@]}"; do wait "$child" || true; done
    children=()
    for label in "${labels[@]}"; do
        cat "$STACK_DIR/$label.out" "$STACK_DIR/$label.spec" 2>/dev/null || true
        pass=$(count pass "$label")
        if [ -z "$pass" ]; then
            failed=$((failed + 1)) # it did not get as far as its tests
            continue
        fi
        passed=$((passed + pass))
        failed=$((failed + $(count fail "$label") + $(count cancelled "$label")))
        skipped=$((skipped + $(count skipped "$label") + $(count todo "$label")))
    done
fi
if [ -n "$browser_wanted" ]; then
    (cd "$kit" && exec node browser/run.mjs) >"$STACK_DIR/browser.out" 2>&1 9>&- 8>&- &
    children=($!)
    wait "${children[0]}" || true
    children=()
    cat "$STACK_DIR/browser.out"
    passed=$((passed + $(grep -c '^ok ' "$STACK_DIR/browser.out" || true)))
    failed=$((failed + $(grep -c '^FAIL ' "$STACK_DIR/browser.out" || true)))
    grep -q '^ok ' "$STACK_DIR/browser.out" || failed=$((failed + 1))
fi
if [ "$failed" -gt 0 ]; then
    tail -n 20 "$STACK_DIR"/*.log >&2 || true
fi
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
cleanup
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
