import type { PackageSet } from '../recipe.js';

/** Change it whenever the way the root file system is made from the packages changes. */
export const SANDBOX_RECIPE = 1;

/** Python, Node, a shell and what they link to; bubblewrap, which is taken out of the root file system again. */
export const SANDBOX_PACKAGES: readonly string[] = [
  ...['bubblewrap', 'libcap2', 'libselinux1', 'libpcre2-8-0'],
  ...`libc6 libgcc-s1 libstdc++6 zlib1g libexpat1 libzstd1 libssl3t64 libbz2-1.0 libffi8 liblzma5 libtinfo6 libncursesw6
  libreadline8t64 libsqlite3-0 libuuid1 dash tzdata netbase media-types`.split(/\s+/),
  ...'python3.13 python3.13-minimal libpython3.13-minimal libpython3.13-stdlib'.split(' '),
  ...`nodejs libnode115 libbrotli1 libcares2 libicu76 libnghttp2-14 libuv1t64 node-acorn node-cjs-module-lexer
  node-undici node-balanced-match node-brace-expansion node-minimatch node-xtend`.split(/\s+/),
];

/** @param id of the pinned packages */
export const sandboxSet = (id: string): PackageSet => ({
  name: 'sandbox',
  recipe: id,
  packages: SANDBOX_PACKAGES,
  what: 'Python, Node and bubblewrap',
});
