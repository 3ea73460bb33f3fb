import {
  ARCH_AT,
  JUMP_IF_ANY_BIT,
  JUMP_IF_EQUAL,
  JUMP_IF_GREATER,
  LOAD,
  NUMBER_AT,
  RETURN,
} from '../seccomp/program.js';

/** A system call as the kernel shows it to a filter. */
export interface Call {
  arch: number;
  number: number;
  /** Low halves of the arguments. */
  args?: readonly number[];
}

/** Runs an encoded program over a call, as the kernel would. @throws {Error} on what is no valid program */
export function interpret(program: Buffer, call: Call): number {
  const count = program.length / 8;
  let accumulator = 0;
  for (let at = 0; at < count;) {
    const [code, jt, jf, k] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ];
    at += 1;
    if (code === RETURN) return k;
    if (code === LOAD) accumulator = loaded(call, k);
    else if (code === JUMP_IF_EQUAL) at += accumulator === k ? jt : jf;
    else if (code === JUMP_IF_GREATER) at += accumulator > k ? jt : jf;
    else if (code === JUMP_IF_ANY_BIT) at += (accumulator & k) !== 0 ? jt : jf;
    else throw new Error(`instruction ${at - 1} has the code ${code}`);
  }
  throw new Error('the program ends without an answer');
}

function loaded({ arch, number, args = [] }: Call, offset: number): number {
  if (offset === NUMBER_AT) return number;
  if (offset === ARCH_AT) return arch;
  const index = (offset - 16) / 8;
  if (!Number.isInteger(index) || index < 0 || index > 5) throw new Error(`nothing is at ${offset}`);
  return (args[index] ?? 0) >>> 0;
}
