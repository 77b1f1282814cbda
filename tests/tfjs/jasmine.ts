/** What jasmine-core exports, as far as it is used here. */
interface JasmineCore {
  boot(core: JasmineCore): Jasmine;
  interface(jasmine: Jasmine, environment: Environment): Record<string, unknown>;
}

interface Jasmine {
  getEnv(): Environment;
}

interface Environment {
  configure(options: { random: boolean; specFilter(spec: { getFullName(): string }): boolean }): void;
  addReporter(reporter: { specDone(result: SpecResult): void }): void;
  execute(): Promise<unknown>;
}

interface SpecResult {
  fullName: string;
  status: string;
  failedExpectations: { message: string }[];
}

/** Outcome of a run. */
export interface Counts {
  passed: number;
  skipped: number;
  /** Name and first message of each test that failed. */
  failures: string[];
}

/** Makes jasmine's functions (describe, it, expect, ...) global and returns how to run what is declared with them. */
export function startJasmine(core: JasmineCore): { run(includes: (name: string) => boolean): Promise<Counts> } {
  const jasmine = core.boot(core);
  const environment = jasmine.getEnv();
  Object.assign(globalThis, core.interface(jasmine, environment), { jasmine });
  return {
    async run(includes) {
      const counts: Counts = { passed: 0, skipped: 0, failures: [] };
      environment.configure({ random: false, specFilter: (spec) => includes(spec.getFullName()) });
      environment.addReporter({
        specDone({ fullName, status, failedExpectations }) {
          if (status === "passed") counts.passed++;
          else if (status === "failed") counts.failures.push(`${fullName}: ${failedExpectations[0]?.message}`);
          else counts.skipped++;
        },
      });
      await environment.execute();
      return counts;
    },
  };
}
