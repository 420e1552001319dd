# Makes src/chemistry/oracle.json with RDKit (2026.09.1): pip install rdkit; python3 .ci/oracle.py > src/chemistry/oracle.json
import json, sys
from rdkit import Chem, RDLogger
from rdkit.Chem import Descriptors, Lipinski, rdMolDescriptors, Crippen, AllChem, DataStructs
from rdkit.Chem.Scaffolds import MurckoScaffold
RDLogger.DisableLog('rdApp.*')
from rdkit.Chem import BRICS
import random
hand = """CC(=O)Oc1ccccc1C(=O)O
CN1C=NC2=C1C(=O)N(C(=O)N2C)C
CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O
OC(=O)[C@@H](N)Cc1c[nH]c2ccccc12
c1ccc2c(c1)ccc1ccccc12
N#Cc1ccc(F)cc1Cl
O=S(=O)(N)c1ccc(Br)cc1
CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O
C[N+](C)(C)CC(=O)[O-]
[O-][n+]1ccccc1
O=C1CCCN1c1ccncc1
Cc1nnc(s1)NC(=O)C1CC1
FC(F)(F)c1cc(no1)C1CCNCC1
C/C=C/C(=O)Nc1ccc(I)cc1
CC(=O)N[C@H]1CC[C@@H](CC1)O
c1ccc(cc1)C#CCN1CCOCC1
OB(O)c1ccc(cc1)C(=O)N
O=C(Nc1cccnc1)c1ccc2OCOc2c1
CS(=O)c1nc2ccccc2[nH]1
NC(=N)c1ccc(cc1)OCCO
C1CC2CCC1N2
C1CC11CCNCC1
O=C1NC(=O)c2ccccc12
Clc1ccc2[nH]ncc2c1
CCOC(=O)c1cnc2ccccc2c1Cl
CN(C)C(=O)c1cc(ccc1O)[N+](=O)[O-]
CSc1nnnn1-c1ccccc1
O=c1cc[nH]c(=O)[nH]1
Nc1ncnc2c1ncn2[C@@H]1O[C@H](CO)[C@@H](O)[C@H]1O
[Na+].[O-]C(=O)c1ccccc1
Cl.NCCc1ccc(O)c(O)c1
[2H]C([2H])([2H])Oc1ccccc1
O=P(O)(O)OCC1OC(C(O)C1O)n1ccc(=O)[nH]c1=O
C1=CC=CN1
c1cnoc1
c1cscn1
c1ccoc1
c1cc[nH]c1
C1COCCO1
CC(C)(C)OC(=O)N1CCC(CC1)C(=O)O
O=C(O)c1cc(=O)c2ccccc2o1
N1C=Cc2ccccc12
Cc1cc(C)n(n1)-c1ccccc1
O=C(CCl)Nc1cccc(c1)S(N)(=O)=O
C=CC(=O)N1CCN(CC1)c1ncccn1
CC(O)C(F)F
N[C@@H](CS)C(=O)O
C[Si](C)(C)c1ccccc1
OC1CCCCC1N
S=C(N)Nc1ccccc1
O=C1OC(=O)c2ccccc12
CCN(CC)CCNC(=O)c1ccc(N)cc1
COc1cc2c(cc1OC)CCN=C2C
CC1=NN(C(=O)C1)c1ccccc1
O=N(=O)c1ccc(o1)C=NNC(N)=O
C1CCC2(CC1)OCCO2
FC1(F)CCN(C1)C(=O)c1cn[nH]c1
Cc1noc(C)c1-c1ccc(OC)cc1
OCC1CN(C1)c1ccc(C#N)cn1
O=C1CN=C(c2ccccc2)c2cc(Cl)ccc2N1
""".split()
random.seed(5)
mols=[Chem.MolFromSmiles(s) for s in hand]
assert all(mols), [s for s,m in zip(hand,mols) if not m]
frags=set()
for m in mols: frags |= set(BRICS.BRICSDecompose(m))
fr=[Chem.MolFromSmiles(f) for f in sorted(frags)]
built=[]
for m in BRICS.BRICSBuild(fr, scrambleReagents=False, maxDepth=1):
    m.UpdatePropertyCache(strict=False)
    try:
        s=Chem.MolToSmiles(Chem.MolFromSmiles(Chem.MolToSmiles(m)))
    except Exception: continue
    if len(s)<70: built.append(s)
    if len(built)>=4000: break
random.shuffle(built)
smiles=hand+built[:240]
queries=[(q,False) for q in """[#6]C(=O)[OX2H1]
[NX3;H2,H1;!$(NC=O)]
C(=O)N
[F,Cl,Br,I]
a1aaaaa1
[nH]
[n;R2]
[R2]
[r5]
[#7;+]
C#N
S(=O)(=O)N
[OX2H]
[CX4H3]
c-!@c
[$([#6]-[#7]);!$(C=O)]
*~*~*~*~*~*~*
[!#6;!#1]
C1CC1
[D3]
[X4]
[v5]
c:n:c
[13C]
N~C~N
[CH2;!R]
O=C[#7,#8]
c1ccc2ccccc2c1
[+,-]
[R1;!a]""".split("\n")]+[(q,True) for q in """c1ccncc1
c1ccccc1
C1CCNCC1
CC(=O)N
c1cn[nH]c1
C1COCCN1
O=C(O)c1ccccc1
c1ccsc1
NC(=O)c1ccccc1
C1CC1
CF
OC
N#CC
c1ccc2[nH]ccc2c1
c1cnoc1
CS(=O)(=O)N
C1CCNC1
CCl
Oc1ccccc1
Nc1ncccn1""".split("\n")]
pats=[Chem.MolFromSmiles(q) if s else Chem.MolFromSmarts(q) for q,s in queries]
assert all(pats), [q for q,p in zip(queries,pats) if p is None]
gen=AllChem.GetMorganGenerator(radius=2,fpSize=2048)
f0=gen.GetFingerprint(mols[0])
rows=[]
seen=set()
for s in smiles:
    m=Chem.MolFromSmiles(s)
    if m is None or s in seen: continue
    seen.add(s)
    rows.append(dict(smiles=s,canonical=Chem.MolToSmiles(m),heavy_atoms=m.GetNumHeavyAtoms(),weight=round(Descriptors.MolWt(m),3),clogp=round(Crippen.MolLogP(m),4),tpsa=round(rdMolDescriptors.CalcTPSA(m),2),donors=rdMolDescriptors.CalcNumHBD(m),acceptors=rdMolDescriptors.CalcNumHBA(m),rotatable_bonds=rdMolDescriptors.CalcNumRotatableBonds(m),rings=rdMolDescriptors.CalcNumRings(m),charge=Chem.GetFormalCharge(m),scaffold=MurckoScaffold.MurckoScaffoldSmiles(mol=m) if True else '',matches=[i for i,p in enumerate(pats) if m.HasSubstructMatch(p)],similarity=round(DataStructs.TanimotoSimilarity(f0,gen.GetFingerprint(m)),8)))
print('{"queries":'+json.dumps(queries)+',"molecules":[')
print(",\n".join(json.dumps(r,separators=(",",":")) for r in rows))
print("]}")
