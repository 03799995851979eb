/** The keys of CTA-5004 (version 1), its Table 1. */
export const keysOfVersion1 = "bl br bs cid d dl mtp nor nrr ot pr rtp sf sid st su tb v".split(" ");

/** The keys of CTA-5004-B (version 2), its Table 1, by where they may come. */
export const keysOfVersion2 = {
  anywhere:
    "ab bg bl br bs bsa bsd bsda cdn cid cs d dfa dl ec lab lb ltc msd mtp nor nr ot pb pr pt rtp sf sid sn st sta su tab tb tbl tpb v",
  onEvents: "cen e h ts",
  onResponses: "cmsdd cmsds rc smrt ttfb ttfbb ttlb url",
} as const;

/** Tokens of `ot`: what an object is. */
const objectTypes = ["a", "v", "av", "m", "i", "c", "tt", "k", "o"] as const;

/**
 * Every key of CTA-5004 and CTA-5004-B in some report, with values of every shape that the standard allows for it; and the
 * keys of its drafts that players still send. Written for this test.
 */
const session = 'cid="film-1",sf=h,sid="4f2f7a0e-9f0d-4ac5-a2c9-6a2c1b1f5c11",st=v,v=2';
const now = 1_765_837_003_411;

/** Lines of an event-mode body. */
export const eventLines: readonly string[] = [
  `e=ps,${session},sn=0,sta=s,ts=${now}`,
  `bl=(2500),br=(1500),e=ps,msd=812,pt=0,${session},sn=1,sta=p,ts=${now + 812}`,
  `bg=?0,bs=?0,e=t,mtp=(25400),pr=1.5,pt=4000,${session},sn=2,sta=p,ts=${now + 4_000}`,
  `bl=(2500;v 2400;a),br=(5000;v 128;a),e=t,lb=(300;v 64;a),pb=(2500;v 128;a),tb=(9000;v 256;a),${session},sn=3,ts=${now + 5_000}`,
  `ab=(5128),bsa=(2),bsd=(300 500),bsda=(800),e=t,lab=(364),nr,tab=(9256),tbl=(30000),tpb=(6000),${session},sn=4,ts=${now + 6_000}`,
  `br=(2500),cdn="edge-a",cs="c2pa:abc",dfa=3,e=bc,ltc=3200,${session},sn=5,ts=${now + 7_000}`,
  `cmsdd=":ZGF0YQ==:",cmsds="b64",d=4000,dl=2400,e=rr,nor=("../b/36.m4s" "../b/37.m4s";r="0-999"),ot=v,rc=200,rtp=12000,smrt="x",su,` +
    `ttfb=41,ttfbb=43,ttlb=188,url="https://cdn.test/a/35.m4s",${session},sn=6,ts=${now + 8_000}`,
  `e=ps,${session},sn=7,sta=k,ts=${now + 9_000}`,
  `e=ps,${session},sn=8,sta=r,ts=${now + 9_100}`,
  `e=ps,${session},sn=9,sta=a,ts=${now + 9_200}`,
  `e=ps,${session},sn=10,sta=w,ts=${now + 9_300}`,
  `e=ps,${session},sn=11,sta=d,ts=${now + 9_400}`,
  `e=ps,${session},sn=12,sta=e,ts=${now + 9_500}`,
  `e=ps,${session},sn=13,sta=f,ts=${now + 9_600}`,
  `e=ps,${session},sn=14,sta=q,ts=${now + 9_700}`,
  `e=ps,${session},sn=15,sta=x,ts=${now + 9_800}`,
  `e=e,ec=("bufferStalledError"),${session},sn=16,sta=f,ts=${now + 9_900}`,
  `cen="trailer",com.example-cohort=b,com.example-flag,com.example-Score=0.25,e=ce,${session},sn=17,ts=${now + 10_000}`,
  `e=h,h="edge-b.test",${session},sn=18,ts=${now + 10_100}`,
  `bg,e=b,${session},sn=19,ts=${now + 10_200}`,
  ...["abs", "abe", "as", "ae", "sk", "m", "um", "pe", "pc", "pr", "c", "zz"].map(
    (e, i) => `e=${e},pr=0.5,${session},sn=${20 + i},ts=${now + 10_300 + i}`,
  ),
  ...objectTypes.map((ot, i) => `d=4000,e=rr,ot=${ot},rc=200,ttlb=188,${session},sn=${60 + i},ts=${now + 10_500 + i}`),
  // Version 1's shapes, and a live stream.
  `bl=2500,br=1500,df=7,e=t,mtp=25400,nor="..%2F36.m4s",nrr="12323-48763",sf=d,sid="s",sn=40,st=l,tb=9000,ts=${now + 11_000}`,
  `e=t,sf=s,sid="s",sn=41,st=ll,ts=${now + 11_100},v=1`,
  `e=t,sf=e,sid="s",sn=42,ts=${now + 11_200}`,
  `e=t,sf=o,sid="s",sn=43,ts=${now + 11_300}`,
];

/** Version 1 on a request: as headers, and the same as the query's argument. */
export const requestHeaders: readonly string[] = [
  "br=3200,d=4004,ot=v,tb=6000",
  'bl=21300,dl=18500,mtp=48100,nor="36.m4s",nrr="0-999",su',
  'cid="film-1",pr=1.08,sf=h,sid="4f2f7a0e-9f0d-4ac5-a2c9-6a2c1b1f5c11",st=v',
  "bs,rtp=15000",
];

/** Version 2 on a request: all that may come there, as the query's argument. */
export const requestQuery =
  `ab=(5128),bg,bl=(2500;v 2400;a),br=(3200;v),bs,bsa=(2),bsd=(300 500),bsda=(800),cdn="edge-a",cs="c2pa:abc",d=4004,dfa=3,dl=2400,` +
  `ec=("E1" "E2"),lab=(364),lb=(300),ltc=3200,msd=812,mtp=(25400),nor=("../b/36.m4s"),nr,ot=v,pb=(2500),pr=1.5,pt=4000,rtp=12000,sn=7,` +
  `sta=p,su,tab=(9256),tb=(9000;v 256;a),tbl=(30000),tpb=(6000),${session}`;
