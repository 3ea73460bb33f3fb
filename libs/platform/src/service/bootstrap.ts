import type { BaseConfig } from '../config/config.js';
import { createLogger, type Log } from '../logs/logger.js';
import { startService, type RunningService, type ServiceOptions } from './start-service.js';

/**
 * Runs a service as the process: startService() plus SIGTERM, SIGINT (and, with BOOCONTROL_EXIT_WITH_PARENT, the end of
 * stdin) shut it down gracefully, after SHUTDOWN_MS or at a second signal the hard way; an unhandled error ends it with code 1.
 */
export async function bootstrap<C extends BaseConfig>(
  options: ServiceOptions<C>,
): Promise<RunningService<C>> {
  const { LOG_LEVEL: level, SERVICE_INSTANCE: instance, SHUTDOWN_MS } = options.config;
  const log = createLogger(options.name, { level, instance });
  process.on('unhandledRejection', (error) => die(log, error, 'unhandled rejection'));
  process.on('uncaughtException', (error) => die(log, error, 'uncaught exception'));

  let running: RunningService<C> | undefined;
  let isStopping = false;
  const shutDown = (why: string): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ why }, 'shutting down');
    if (running === undefined) process.exit(0); // Still starting: nothing was taken on yet.
    setTimeout(() => {
      log.error(`not down after ${SHUTDOWN_MS} ms, leaving`);
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => die(log, error, 'could not shut down'),
    );
  };
  process.on('SIGTERM', () => shutDown('SIGTERM'));
  process.on('SIGINT', () => shutDown('SIGINT'));
  if (options.config.BOOCONTROL_EXIT_WITH_PARENT) {
    process.stdin.on('close', () => {
      if (!isStopping) shutDown('the parent process is gone');
    });
    process.stdin.on('error', () => undefined); // A broken pipe also closes.
    process.stdin.resume();
  }

  try {
    running = await startService(options);
  } catch (error) {
    return die(log, error, 'could not start');
  }
  void running.platform.nc.closed().then((error) => {
    // It never gives up by itself: the server has refused our credentials.
    if (!isStopping) die(log, error, 'the bus connection is closed for good');
  });
  return running;
}

function die(log: Log, error: unknown, what: string): never {
  log.fatal({ err: error }, what);
  process.exit(1);
}
