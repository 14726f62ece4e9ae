import { Controller, Get, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MetadataStore } from './metadata-store.js';

/** What tokens' metadata URIs point at, by content identifier: the path that IPFS gateways use. */
@Controller('ipfs')
export class ContentController {
  constructor(@Inject(MetadataStore) private readonly metadata: MetadataStore) {}

  @Get(':cid')
  async content(@Param('cid') cid: string, @Res() reply: FastifyReply): Promise<void> {
    const found = /^b[a-z2-7]{58}$/.test(cid) ? await this.metadata.read(cid) : null;
    if (found === null) throw new NotFoundException();
    await reply
      .type(found.mediaType)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(found.content);
  }
}
