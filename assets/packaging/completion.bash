# Completes the options that --help names and the files they take; for emotion-detector and trainer alike.
_emotion_detector() {
    local word=${COMP_WORDS[COMP_CWORD]} command=("${COMP_WORDS[0]}")
    [[ ${command[0]} == *trainer && $COMP_CWORD -gt 1 ]] && command+=("${COMP_WORDS[1]}")
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${command[@]}" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*')" -- "$word")
    elif [[ ${command[0]} == *trainer && $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(trainer --help 2>/dev/null | sed -n '/^Subcommands/,$s/^  \([a-z]*\) .*/\1/p')" -- "$word")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _emotion_detector emotion-detector trainer
