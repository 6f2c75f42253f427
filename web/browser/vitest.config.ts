import { mergeConfig } from 'vitest/config';
import app from '../vite.config.ts';

export default mergeConfig(app, {
  test: { include: ['**/*.test.ts'], fileParallelism: false, hookTimeout: 60_000, testTimeout: 120_000 },
});
