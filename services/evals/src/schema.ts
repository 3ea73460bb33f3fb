/** The database schema that this service owns. */
export const SCHEMA = 'evals';
