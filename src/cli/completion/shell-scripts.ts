// What each shell has to load so that it asks `enks __complete` what may stand at the cursor.

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Load it in ~/.bashrc: source <(enks completion bash)
_enks() {
  local IFS=$'\\n'
  COMPREPLY=($(enks __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _enks enks
`,
  zsh: `#compdef enks
# Load it in ~/.zshrc, behind compinit: source <(enks completion zsh)
_enks() {
  local line
  local -a found
  for line in "\${(@f)$(enks __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe enks found; else _files; fi
}
compdef _enks enks
`,
  fish: `# Load it in ~/.config/fish/config.fish: enks completion fish | source
function __enks_complete
  set -l words (commandline -opc) (commandline -ct | string collect --allow-empty)
  set -l found (enks __complete $words[2..] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c enks -f -a '(__enks_complete)'
`,
};
