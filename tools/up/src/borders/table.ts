/** Who may import whom. The first row whose pattern fits a folder holds; a folder that none fits is refused. */
export interface Border {
  folder: RegExp;
  /** Folders of this repository that its product code may import. */
  may: RegExp;
  /** Packages from the registry that it may import; absent: any. */
  packages?: RegExp;
  /** Whether it may use Node's own modules. */
  node: boolean;
  /** What its tests may import besides. */
  tests: RegExp;
}

const HELPERS = /^tools\/(testing|sim|runtime)$/;
const NOTHING = /^$/;

export const BORDERS: readonly Border[] = [
  { folder: /^libs\/contracts$/, may: NOTHING, packages: /^zod$/, node: false, tests: HELPERS },
  { folder: /^libs\/fleet-model$/, may: /^libs\/contracts$/, packages: NOTHING, node: false, tests: HELPERS },
  {
    folder: /^libs\/llama-swap$/,
    may: /^libs\/(contracts|fleet-model)$/,
    packages: /^(zod|undici|yaml)$/,
    node: true,
    tests: HELPERS,
  },
  {
    folder: /^libs\/client$/,
    may: /^libs\/contracts$/,
    packages: /^(zod|@nats-io\/.+)$/,
    node: true,
    tests: HELPERS,
  },
  {
    folder: /^libs\/measure$/,
    may: /^libs\/contracts$/,
    packages: /^(zod|undici|yaml)$/,
    node: true,
    tests: HELPERS,
  },
  { folder: /^libs\/sandbox$/, may: NOTHING, packages: NOTHING, node: true, tests: HELPERS },
  { folder: /^libs\/platform$/, may: /^libs\/(contracts|fleet-model|client)$/, node: true, tests: HELPERS },
  {
    folder: /^services\/[^/]+$/,
    may: /^libs\/[^/]+$/,
    node: true,
    tests: /^tools\/(testing|stage|sim|runtime)$/,
  },
  {
    folder: /^web$/,
    may: /^libs\/(contracts|fleet-model)$/,
    node: false,
    tests: /^tools\/(testing|sim)$/,
  },
  { folder: /^tools\/(runtime|sim)$/, may: NOTHING, node: true, tests: HELPERS },
  { folder: /^tools\/testing$/, may: /^(libs\/contracts|tools\/runtime)$/, node: true, tests: NOTHING },
  {
    folder: /^tools\/stage$/,
    may: /^(libs\/(contracts|client|platform)|tools\/(testing|sim))$/,
    node: true,
    tests: NOTHING,
  },
  {
    folder: /^tools\/up$/,
    may: /^(libs\/contracts|tools\/(runtime|sim))$/,
    node: true,
    tests: /^(libs\/(fleet-model|llama-swap|measure|platform|sandbox)|tools\/testing)$/,
  },
  // Of web, only what its tests are made of.
  { folder: /^benchmarks$/, may: /^((libs|tools)\/[^/]+|web)$/, node: true, tests: NOTHING },
];

/** Folders inside a package with a narrower border of their own; for product code. */
export interface InnerBorder {
  folder: string;
  /** Packages that it may import, ours included; of its own package it may import nothing but itself. */
  packages: RegExp;
  /** In words. */
  why: string;
}

export const INNER_BORDERS: readonly InnerBorder[] = [
  {
    folder: 'services/gateway/src/inference',
    packages: /^(undici|zod|@boocontrol\/(contracts|fleet-model|llama-swap))$/,
    why: 'the path of /v1 is outside Nest',
  },
];

/** Folders inside a package that import each other today, as `package: folder, folder`. To be kept empty. */
export const KNOWN_CYCLES: ReadonlySet<string> = new Set<string>();

/** Entry scripts run before anything is installed, so no package name leads to it. */
export const BEFORE_INSTALL = 'tools/up/prepare.mjs';

/** Tests, what only tests use, and the scripts of a package that are not part of its product. */
export function isTestCode(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) ||
    /^(libs|services|tools)\/[^/]+\/src\/(.+\/)?testing\//.test(path) ||
    /^tools\/up\/(src\/(proof|conformance)\/|[^/]+\.mjs$)/.test(path) ||
    /^web\/(testing|scripts|src\/e2e)\//.test(path) ||
    /^web\/[^/]+\.(ts|mjs)$/.test(path)
  );
}

/** Programs for the sandbox: they are handed in as text, reach nothing of ours, and import what they are told to. */
export function runsInSandbox(path: string): boolean {
  return path.startsWith('services/evals/drivers/');
}
