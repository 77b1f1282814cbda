/** Write what an experiment is about, and who says or asks it. */
export function claimText({ claim, own }: { readonly claim: string; readonly own?: true }): string {
  return `${own ? "Asked here" : "The paper"}: ${claim}`;
}
