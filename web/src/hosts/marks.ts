import { api, messageOf } from '../api/client';
import { tell, tellUndoable } from '../ui/notices';
import { keepFocusNear } from '../ui/opener';

/** Stars and hides. What is shown changes when the gateway has told every browser so. */

const modelPath = (model: string): string => model.split('/').map(encodeURIComponent).join('/');

export async function setFavorite(providerId: string, model: string, wanted: boolean): Promise<void> {
  try {
    await api(`/favorites/${providerId}/${modelPath(model)}`, { method: wanted ? 'PUT' : 'DELETE' });
  } catch (error) {
    tell(`The star was not changed. ${messageOf(error)}`, true);
  }
}

interface Hidable {
  providerId: string;
  /** null: the host itself. */
  model: string | null;
  /** What people call it. */
  label: string;
}

const pathOf = ({ providerId, model }: Hidable): string =>
  `/hidden/${providerId}${model === null ? '' : `/${modelPath(model)}`}`;

/** Done at once, because it can be undone. */
export async function hide(what: Hidable): Promise<void> {
  const stay = keepFocusNear();
  try {
    await api(pathOf(what), { method: 'PUT' });
    tellUndoable(`${what.label} is hidden. Its history stays.`, () => void showAgain(what));
  } catch (error) {
    stay();
    tell(`${what.label} was not hidden. ${messageOf(error)}`, true);
  }
}

export async function showAgain(what: Hidable): Promise<void> {
  const stay = keepFocusNear();
  try {
    await api(pathOf(what), { method: 'DELETE' });
    tell(`${what.label} is shown again.`);
  } catch (error) {
    stay();
    tell(`${what.label} is still hidden. ${messageOf(error)}`, true);
  }
}
