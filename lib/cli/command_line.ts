/** The command that starts a task again, quoted for a shell. */
export function commandLine(task: string, args: readonly string[]): string {
  const quoted = args.map((arg) => /^[\w./,:=@+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);
  return [`npx -y deno@2.9.6 task ${task}`, ...quoted].join(" ");
}
