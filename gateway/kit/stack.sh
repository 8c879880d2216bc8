#!/usr/bin/env bash
# The processes of the reference application on Tuli, one word each:
#   stack.sh start|kill|stop|pause|resume gateway|backend|instance-a|instance-b|late...
# kill is SIGKILL, stop is SIGTERM and an end in order, pause is SIGSTOP. Each is safe to repeat and returns when
# it is done; start returns when the process has begun. $STACK_DIR keeps process ids, logs and the fifo `alive`:
# when nobody holds that open any more, all of them end.
set -eu
action=$1
shift
cd "${STACK_DIR:?}"

is_there() { # a process that has ended may stay as a zombie where nobody looks after it
    kill -0 "$1" 2>/dev/null || return 1
    ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

end() {
    kill "-$1" "$2" 2>/dev/null || return 0
    kill -CONT "$2" 2>/dev/null || true
    for _ in $(seq 100); do
        is_there "$2" || return 0
        sleep 0.1
    done
    kill -KILL "$2" 2>/dev/null || true
}

# A signal returns before the threads have stopped, and one of them could still answer.
pause() {
    kill -STOP "$1" 2>/dev/null || return 0
    for _ in $(seq 100); do
        if ! grep -L '^State:[[:space:]]*[TtZ]' "/proc/$1/task/"*/status 2>/dev/null | grep -q .; then return 0; fi
        sleep 0.02
    done
}

for name in "$@"; do
    pid=$(cat "$name.pid" 2>/dev/null || true)
    case $action in
    start)
        if [ -n "$pid" ] && is_there "$pid"; then continue; fi
        # shellcheck disable=SC2086
        setsid "${JAVA_HOME:?}/bin/java" ${KIT_JAVA_FLAGS-} -cp "${KIT_CLASSPATH:?}" io.tuli.reference.Reference \
            "$name" <alive >>"$name.log" 2>&1 9>&- 8>&- &
        echo $! >"$name.pid"
        ;;
    kill | stop)
        [ -n "$pid" ] || continue
        signal=TERM
        [ "$action" = stop ] || signal=KILL
        end "$signal" "$pid"
        rm -f "$name.pid"
        ;;
    pause) [ -z "$pid" ] || pause "$pid" ;;
    resume) [ -z "$pid" ] || kill -CONT "$pid" 2>/dev/null || true ;;
    *) echo "stack.sh: start, kill, stop, pause or resume: $action" >&2 && exit 2 ;;
    esac
done
