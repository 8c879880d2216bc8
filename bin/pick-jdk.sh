#!/bin/sh
# Prints the home of the JDK to use. Usage: pick-jdk.sh [least] [preferred], or
# pick-jdk.sh --version-of <home> for the version of one.
#
# TULI_JAVA_HOME decides alone, and a wrong one is an error. Otherwise, among all places where
# JDKs are usually found, the preferred feature release wins, then JAVA_HOME, then the highest.
# No JVM is started: every JDK says in its `release` file what it is.
set -eu

# The full version in the release file of the JDK in $1; nothing when there is none.
version_of() {
    [ -r "$1/release" ] || return 0
    while IFS='"' read -r name value _; do
        if [ "$name" = JAVA_VERSION= ]; then printf '%s\n' "$value"; fi
    done <"$1/release"
}

# The feature release of the JDK in $1; nothing when it is none (a JRE has no javac).
feature_of() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    feature=$(version_of "$1")
    feature=${feature#1.}
    printf '%s\n' "${feature%%[!0-9]*}"
}

if [ "${1-}" = --version-of ]; then
    version_of "$2"
    exit 0
fi
least=${1-21}
preferred=${2-25}

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
