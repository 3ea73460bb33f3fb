import { Module } from '@nestjs/common';
import { NewRows } from './new-rows.js';

/** One NewRows for whoever writes rows and whoever waits for them. */
@Module({ providers: [{ provide: NewRows, useFactory: (): NewRows => new NewRows() }], exports: [NewRows] })
export class NewRowsModule {}
