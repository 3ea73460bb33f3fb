import { Module } from '@nestjs/common';
import { FiguresController } from './figures.controller.js';

/** What runs came to, over time and over hosts. */
@Module({ controllers: [FiguresController] })
export class FiguresModule {}
