import type { Metadata } from 'next';
import { EvalsPage } from '../../../evals/EvalsPage';

export const metadata: Metadata = { title: 'Evals' };

export default function Page() {
  return <EvalsPage />;
}
