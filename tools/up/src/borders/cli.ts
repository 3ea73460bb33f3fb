// Refuses what crosses a border: node tools/up/dist/borders/cli.js [root of the project]
import { fileURLToPath } from 'node:url';
import { checkProject } from './project.js';

const root = process.argv[2] ?? fileURLToPath(new URL('../../../..', import.meta.url));
const violations = checkProject(root);
for (const { path, line, message } of violations) console.error(`${path}:${line}: ${message}`);
process.exitCode = violations.length > 0 ? 1 : 0;
