#!/bin/sh
# Prints the home of the JDK to use. Usage: pick-jdk.sh [least] [preferred]
#
# TULI_JAVA_HOME decides alone, and a wrong one is an error. Otherwise, among all places where
# JDKs are usually found, the preferred feature release wins, then JAVA_HOME, then the highest.
# No JVM is started: every JDK says in its `release` file what it is.
set -eu
least=${1-21}
preferred=${2-25}

# The feature release of the JDK in $1, or nothing when it is no JDK (a JRE has no javac).
feature_of() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9][0-9]*\).*/\2/p' "$1/release"
}

if [ -n "${TULI_JAVA_HOME-}" ]; then
    feature=$(feature_of "$TULI_JAVA_HOME")
    if [ -z "$feature" ] || [ "$feature" -lt "$least" ]; then
        echo "tuli: TULI_JAVA_HOME must be the home of a JDK $least or newer:" \
            "TULI_JAVA_HOME=$TULI_JAVA_HOME release=${feature:-unknown}" >&2
        exit 1
    fi
    printf '%s\n' "$TULI_JAVA_HOME"
    exit 0
fi

# One candidate a line, most wanted first.
candidates() {
    if [ -n "${JAVA_HOME-}" ]; then printf '%s\n' "$JAVA_HOME"; fi
    env | sed -n 's/^\(JAVA_HOME_[^=]*\|JAVA[0-9]*_HOME\|JDK[0-9_]*HOME\)=\(.*\)/\2/p'
    for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/local/java/* /usr/java/* /opt/*jdk* /opt/java/* \
        "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
        "${HOME-}"/.local/share/mise/installs/java/* "${HOME-}"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -e "$home/release" ] && printf '%s\n' "$home"
    done
    java=$(command -v java || true)
    if [ -n "$java" ]; then
        java=$(readlink -f "$java" 2>/dev/null || printf '%s\n' "$java")
        printf '%s\n' "${java%/bin/java}"
    fi
}

best=
best_feature=0
places=
while IFS= read -r home; do
    feature=$(feature_of "$home")
    places="$places
  $home${feature:+ ($feature)}"
    [ -n "$feature" ] && [ "$feature" -ge "$least" ] || continue
    if [ "$feature" -eq "$preferred" ]; then
        best=$home
        break
    fi
    if [ "$feature" -gt "$best_feature" ]; then
        best=$home
        best_feature=$feature
    fi
done <<LIST
$(candidates)
LIST

if [ -z "$best" ]; then
    cat >&2 <<TEXT
tuli: no JDK $least or newer was found. Install one ($preferred is best), or point
TULI_JAVA_HOME at it. Looked at TULI_JAVA_HOME, JAVA_HOME, JAVA*_HOME, JDK*_HOME, the usual
folders for JDKs, SDKMAN, .jdks, mise, asdf and the PATH, and found:${places:- nothing}
TEXT
    exit 1
fi
printf '%s\n' "$best"
