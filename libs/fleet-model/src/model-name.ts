const QUANT =
  /(?:^|[-_.:@/ ])((?:UD-)?(?:I?Q[1-8](?:_(?:[0-9]|[KSMLX]+))*|TQ[12]_0|BF16|FP?16|FP8|FP?32|MXFP4|NVFP4|AWQ|GPTQ|INT[48]|[2-8]bit|EXL[23]))(?=$|[-_.:@/ ])/i;

/** The quantisation that a model id or file name states ("qwen3-32b-Q4_K_M"); null when it states none. */
export function parseQuant(modelId: string): string | null {
  const found = QUANT.exec(modelId)?.[1];
  if (!found) return null;
  return /bit$/i.test(found) ? found.toLowerCase() : found.toUpperCase();
}

const EXPERTS = /(?:^|[-_.:@/ ])(\d{1,3})x(\d{1,4}(?:\.\d{1,2})?)b(?=$|[-_.:@/ ])/i;
const PARAMETERS = /(?:^|[-_.:@/ ])(\d{1,4}(?:\.\d{1,3})?)(b|m)(?=$|[-_.:@/ ])/i;
const ACTIVE = /(?:^|[-_.:@/ ])a(\d{1,4}(?:\.\d{1,2})?)b(?=$|[-_.:@/ ])/i;

/** Parameters of a model, in billions. */
export interface ModelSize {
  totalB: number;
  /** That a token passes through; less than all in a mixture of experts. */
  activeB: number;
}

/** The parameters that a model id states ("qwen3-30b-a3b", "mixtral-8x7b"); null when it states none. Never throws. */
export function parseSize(modelId: string): ModelSize | null {
  const experts = EXPERTS.exec(modelId);
  if (experts) {
    // Two of them answer for a token, in every such model that states its size in this form.
    const [count, each] = [Number(experts[1]), Number(experts[2])];
    return count * each > 0 ? { totalB: count * each, activeB: Math.min(count, 2) * each } : null;
  }
  const found = PARAMETERS.exec(modelId);
  if (!found) return null;
  const totalB = Number(found[1]) / (found[2]?.toLowerCase() === 'm' ? 1_000 : 1);
  const activeB = Number(ACTIVE.exec(modelId)?.[1] ?? totalB);
  return totalB > 0 ? { totalB, activeB: activeB > 0 ? Math.min(activeB, totalB) : totalB } : null;
}
