#!/usr/bin/env node
import { run } from './cli-commands.js';

process.exitCode = await run(process.argv.slice(2));
