import type { Metadata } from 'next';
import { ActionsPage } from '../../../actions/ActionsPage';

export const metadata: Metadata = { title: 'Actions' };

export default function Page() {
  return <ActionsPage />;
}
