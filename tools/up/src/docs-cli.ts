import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asyncApi, eventsPage } from './docs.js';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
writeFileSync(`${docs}events.md`, eventsPage());
writeFileSync(`${docs}asyncapi.json`, `${JSON.stringify(asyncApi(), null, 2)}\n`);
console.log('Wrote docs/events.md and docs/asyncapi.json.');
