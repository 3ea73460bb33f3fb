import { readFileSync } from 'node:fs';

/** Reads a setting of the kernel, such as `kernel/unprivileged_userns_clone`; undefined where it has no such setting. */
export type ReadSetting = (name: string) => string | undefined;

const fromProc: ReadSetting = (name) => {
  try {
    return readFileSync(`/proc/sys/${name}`, 'latin1').trim();
  } catch {
    return undefined;
  }
};

const NO_NAMESPACE =
  /creating new namespace|setting up uid map|setting up gid map|No permissions to creat|RTM_NEWADDR|RTM_NEWLINK|unshare|user namespace/i;

/** What bwrap's complaint means here, and what to do about it, in words. */
export function explainBwrap(said: string, setting: ReadSetting = fromProc): string {
  const complaint = said.trim().split('\n').slice(-3).join(' ') || 'bwrap ended without a word';
  if (!NO_NAMESPACE.test(said)) return complaint;
  return `${complaint}. ${adviceOn(setting)}`;
}

function adviceOn(setting: ReadSetting): string {
  if (setting('kernel/unprivileged_userns_clone') === '0')
    return 'This machine forbids user namespaces to ordinary users: sysctl kernel.unprivileged_userns_clone=1 allows them.';
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1')
    return 'AppArmor forbids user namespaces here: sysctl kernel.apparmor_restrict_unprivileged_userns=0 allows them.';
  if (setting('user/max_user_namespaces') === '0')
    return 'This machine allows no user namespaces: sysctl user.max_user_namespaces=10000 allows them.';
  return 'Inside a container, its seccomp or AppArmor profile forbids namespaces: run it with a profile that allows them, or use the docker backend.';
}
