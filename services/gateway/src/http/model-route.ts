/** The path of a route for one model of a host: model ids hold slashes. */
export const MODEL_PATH = { path: ':providerId/*', docPath: ':providerId/:model' } as const;
export const MODEL_HINT = 'A slash in the model id may be sent as it is or as %2F.';
