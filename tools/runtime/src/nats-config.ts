export interface NatsConfig {
  port: number;
  storeDir: string;
  user: string;
  password: string;
}

/**
 * The server's configuration file: loopback only, one account, JetStream. Syncing once a second bounds what a power cut
 * takes (the default is two minutes) at no visible cost; a process kill loses nothing either way.
 */
export function natsConfig({ port, storeDir, user, password }: NatsConfig): string {
  return `host: "127.0.0.1"
port: ${port}
server_name: "boocontrol"
max_payload: 1MB
authorization { user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)} }
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  sync_interval: "1s"
  max_memory_store: 512MB
  max_file_store: 16GB
}
`;
}
