import { Module } from '@nestjs/common';
import { MarksModule } from '../marks/marks.module.js';
import { FavoritesController } from './favorites.controller.js';

@Module({ imports: [MarksModule], controllers: [FavoritesController] })
export class FavoritesModule {}
