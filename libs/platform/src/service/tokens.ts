/** Injection token of the NatsConnection. */
export const BUS = Symbol('BUS');
/** Injection token of the pino logger. */
export const LOG = Symbol('LOG');
/** Injection token of the service's configuration, as given to bootstrap(). */
export const CONFIG = Symbol('CONFIG');
/** Injection token of the service's name. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');
