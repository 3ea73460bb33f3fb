/** As file and model names write it: Q4_K_M, IQ3_XXS, UD-Q5_K_XL, F16, BF16, FP8, MXFP4, AWQ, GPTQ, 8bit. */
const QUANT =
  /(?:^|[-_.:/ ])((?:UD-)?(?:I?Q[1-8](?:_(?:[0-9]|K|S|M|L|XS|XXS|XL|NL))*|TQ[12]_0|BF16|F16|F32|FP16|FP8|FP4|NVFP4|MXFP4(?:_MOE)?|AWQ|GPTQ|INT[48]|[48]BIT))(?=$|[-_.: ])/i;

/** Quantisation of a model by the name of its file, or its own; null: neither tells. Pure. */
export function quantOf(file: string | null, model: string): string | null {
  for (const name of [file, model]) {
    const found = name === null ? null : QUANT.exec(name);
    if (found?.[1] !== undefined) return found[1].toUpperCase();
  }
  return null;
}
