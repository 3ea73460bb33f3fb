import { describe, expect, it } from 'vitest';
import { linkLocalProblem } from './host-address.js';

describe('a host’s address', () => {
  it.each([
    'http://169.254.169.254',
    'http://169.254.0.1:8080/latest',
    'http://2852039166',
    'http://0xa9fea9fe',
    'http://0251.0376.0251.0376',
    'http://169.254.43518',
    'http://[::ffff:169.254.169.254]',
    'http://[::ffff:a9fe:a9fe]:8080',
    'http://[fe80::1]:8080',
    'http://[febf::1]',
    'http://[fd00:ec2::254]',
    'http://[FD00:0EC2:0:0:0:0:0:254]',
    'http://100.100.100.200',
    'http://metadata.google.internal',
    'http://METADATA.google.internal.:80',
  ])('%s is refused', (address) => {
    expect(linkLocalProblem(address)).toContain('BOOCONTROL_ALLOW_LINK_LOCAL=1');
  });

  it.each([
    'http://127.0.0.1:18101',
    'http://192.168.1.20:8080',
    'http://10.0.0.7',
    'http://169.253.255.255',
    'http://169.255.0.1',
    'http://[::1]:8080',
    'http://[fec0::1]',
    'http://[fd00:ec2::253]',
    'http://[::ffff:192.168.1.20]',
    'http://tower.local:9000',
    'http://metadata.example.com',
  ])('%s is not', (address) => {
    expect(linkLocalProblem(address)).toBeNull();
  });
});
