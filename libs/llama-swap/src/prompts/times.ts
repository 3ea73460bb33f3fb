/** Longer system prompts are compared as they are. */
const MAX_BYTES = 512 * 1024;

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY = '\\d{1,2}(?:st|nd|rd|th)?';

/** What changes by itself while time goes by; each is bounded, so that no text makes it slow. */
const TIMES = [
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?: ?Z\b| ?[+-]\d{2}:?\d{2}\b)?/g,
  /\b\d{4}([/.])\d{1,2}\1\d{1,2}\b/g,
  /\b\d{1,2}(?:\/\d{1,2}\/(?:\d{2}){1,2}|\.\d{1,2}\.\d{4})\b/g,
  new RegExp(`\\b${MONTH}\\.? ${DAY}(?:,? \\d{4})?\\b`, 'gi'),
  new RegExp(`\\b${DAY}\\.? ${MONTH}\\.?(?:,? \\d{4})?\\b`, 'gi'),
  /\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/gi,
  /\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[ap]\.?m\b)?/gi,
  /\b(?:GMT|UTC|CES?T|[ECMP][SD]T)(?:[+-]\d{1,4})?\b/g,
  // Seconds or milliseconds since 1970, from 2017 to 2033.
  /\b1[5-9]\d{8}(?:\d{3})?(?:\.\d{1,9})?\b/g,
];

/**
 * JSON with the same mark in place of each date and time in its texts; two that are equal then differ in those alone. It is
 * to be compared, not to be read.
 */
export function withoutTimes(json: Buffer): Buffer | string {
  if (json.length > MAX_BYTES) return json;
  // What begins a word must not look like its first letter.
  const text = json.toString().replace(/\\[nrtbf]/g, ' ');
  return TIMES.reduce((rest, time) => rest.replace(time, '\0'), text);
}
