/**
 * The main program of a service. What fails before there is a logger (a variable or a file is wrong) is printed as the
 * sentence that it is, without a stack, and ends the process with code 1.
 */
export async function runMain(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
