/** Resolves on SIGINT or SIGTERM, and when standard input closes if `withParent`. */
export function untilTold(withParent: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      process.stdin.destroy();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    if (!withParent) return;
    process.stdin.on('end', stop);
    process.stdin.on('error', stop);
    process.stdin.resume();
  });
}
