import { PRESET_NAMES } from '../suite/presets.js';

export const USAGE = `Usage: boocontrol bench --url <address> [options]

Measures how fast a host answers with a model: llama-swap, llama.cpp's server, or any service with an OpenAI-compatible /v1.

  --url <address>          the host, as http://192.168.1.20:8080
  --model <name>           may be left out where the host has one only
  --preset <name>          ${PRESET_NAMES.join(', ')} (default: quick)
  --suite <file.yaml>      a suite of your own instead of a preset, as YAML or JSON
  --api-key-env <NAME>     the environment variable that holds the host's key

Over the preset or suite:
  --prompt-tokens <n,…>    lengths of prompts
  --output-tokens <n,…>    lengths of answers
  --depth <n,…>            tokens before the prompt that are in the cache already
  --concurrency <n,…>      requests at once
  --rate <n,…>             or requests a second, sent when they are due
  --repetitions <n>        verdicts need five
  --sampling <json>        fields that are sent with each request: '{"temperature":0.7,"top_k":40}'
  --endpoint <name>        chat or completions
  --max-seconds <n>        end after that, with what was measured
  --seed <n>               the same seed sends the same prompts

Results:
  --out <file>             .json: everything that was measured, every sample; .csv, .md: the figures
  --baseline <file.json>   a .json of --out, to hold this run against; the exit code is 3 when something regressed
  --json                   the result on standard output instead of the table
  --definitions            what each figure means, and nothing else
  --help

Exit codes: 0 measured, 1 could not be measured, 2 not understood, 3 regressed, 130 interrupted.
`;
