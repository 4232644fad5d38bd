const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** The name of an environment variable, as the API server takes it. */
export function complaintAboutEnvName(name: string): string | undefined {
  return typeof name === 'string' && ENV_NAME.test(name)
    ? undefined
    : `is not the name of an environment variable: letters, digits, '_', '-' and '.', not beginning with a digit`;
}
