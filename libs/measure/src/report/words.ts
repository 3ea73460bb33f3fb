import { POLLUTIONS } from '@boocontrol/contracts';
import type { Reported, ReportedCell } from './reported.js';

/** Three digits that count. */
export function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

/** `qwen3 on http://tower:8080 (llama-swap v170, llama.cpp b7112), suite quick` */
export function titleOf({ fingerprint: of, suite }: Reported): string {
  const build = of.engineBuild === null ? '' : `, llama.cpp ${of.engineBuild}`;
  const swap = of.hostVersion === null ? '' : ` ${of.hostVersion}`;
  return `${of.model} on ${of.host} (${of.hostKind}${swap}${build}), suite ${suite.name}`;
}

/** What is wrong with a cell, each in a line. */
export function troublesOf({ requests, pollution, contamination = [] }: ReportedCell): string[] {
  return [
    ...pollution.map(({ reason, samples }) => `in ${samples} of ${requests.ok} ${POLLUTIONS[reason]}`),
    ...contamination.map(({ what }) => what),
    ...(requests.errors > 0 ? [`${requests.errors} requests failed`] : []),
    ...(requests.incomplete > 0 ? [`${requests.incomplete} answers ended before their end`] : []),
  ];
}

/** What loads came to, each in a line. */
export function loadsOf({ saturation, rates = [] }: Reported): string[] {
  return [
    ...saturation.flatMap(({ cells, load }) =>
      load === null ? [] : [`${cells}: a load of more than ${load} gained nothing.`],
    ),
    ...rates.map(({ cells, highestPerS, why }) =>
      highestPerS === null
        ? `${cells}: no rate kept the limits; ${why}.`
        : `${cells}: ${highestPerS} requests a second kept the limits; ${why}.`,
    ),
  ];
}
