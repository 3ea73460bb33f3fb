import { describe, expect, it } from 'vitest';
import { debianMirrors, parseDeb822, parseOneLineList } from './apt-sources.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

describe('one-line sources', () => {
  it('reads options, suites and components, and leaves sources and comments out', () => {
    const text = [
      '# deb http://commented.example/debian bookworm main',
      `deb [arch=amd64 signed-by=${KEYRING}] https://mirror.example/debian/ bookworm main contrib # ours`,
      'deb-src https://mirror.example/debian bookworm main',
      'deb http://plain.example/debian stable main',
      '',
    ].join('\n');
    expect(parseOneLineList(text)).toEqual([
      {
        uri: 'https://mirror.example/debian/',
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: KEYRING,
      },
      { uri: 'http://plain.example/debian', suites: ['stable'], components: ['main'], signedBy: undefined },
    ]);
  });
});

describe('deb822 sources', () => {
  it('reads stanzas with comments, several URIs and continued lines', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment inside',
      'URIs: http://one.example/debian',
      '  http://two.example/debian',
      'suites: bookworm bookworm-updates',
      'Components: main',
      `Signed-By: ${KEYRING}`,
      '',
      'Types: deb-src',
      'URIs: http://three.example/debian',
      'Suites: bookworm',
      'Components: main',
      '',
      'Enabled: no',
      'Types: deb',
      'URIs: http://four.example/debian',
      'Suites: bookworm',
      'Components: main',
    ].join('\n');
    const shared = { suites: ['bookworm', 'bookworm-updates'], components: ['main'], signedBy: KEYRING };
    expect(parseDeb822(text)).toEqual([
      { uri: 'http://one.example/debian', ...shared },
      { uri: 'http://two.example/debian', ...shared },
    ]);
  });
});

describe('the mirrors to try', () => {
  const source = (uri: string, suite: string, component = 'main', signedBy?: string) => ({
    uri,
    suites: [suite],
    components: [component],
    signedBy,
  });

  it('puts Debian hosts first, drops doubles; the chosen one goes before all', () => {
    const sources = [
      source('https://cache.example/debian', 'bookworm'),
      source('http://ftp.debian.example/debian/', 'bookworm'),
      source('http://ftp.debian.example/debian', 'bookworm'),
    ];
    expect(debianMirrors(sources)).toEqual([
      'http://ftp.debian.example/debian',
      'https://cache.example/debian',
    ]);
    expect(debianMirrors(sources, 'http://mine.example/debian/')[0]).toBe('http://mine.example/debian');
  });

  it('takes a company mirror without the usual path when it is signed by Debian', () => {
    expect(debianMirrors([source('https://files.example/apt', 'trixie', 'main', KEYRING)])).toEqual([
      'https://files.example/apt',
    ]);
  });

  it('takes the mirror lists of cloud images', () => {
    const uri = 'mirror+file:///etc/apt/mirrors/debian.list';
    expect(debianMirrors([source(uri, 'bookworm')])).toEqual([uri]);
  });

  it.each([
    ['the security archive', source('http://security.debian.example/debian-security', 'bookworm-security')],
    [
      'another vendor with a component of its own',
      source('https://vendor.example/linux/debian', 'bookworm', 'stable'),
    ],
    [
      'another vendor with a key of its own',
      source('https://vendor.example/debian', 'stable', 'main', '/k/v.gpg'),
    ],
    ['another vendor without a key', source('https://vendor.example/oss/deb', 'stable')],
    ['another distribution', source('http://archive.ubuntu.example/ubuntu', 'noble')],
    ['a disc', source('cdrom:[Debian GNU/Linux 12]/', 'bookworm')],
  ])('leaves %s out', (_name, other) => {
    expect(debianMirrors([other])).toEqual([]);
  });
});
