import type { Guard } from './guard.js';

const POOL = 'liquidity/ABPool.sol';
const LEDGER = 'liquidity/ABPoolLedger.sol';
const MANAGER = 'liquidity/ABLiquidityManager.sol';
const ROUTER = 'liquidity/ABRouter.sol';
const ADMINISTRATION = 'liquidity/ABLiquidityAdministration.sol';
const REENTRANCY = '@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol';
const IMPORT_ERC20: readonly [string, string] = [
  "import {ABPool} from './ABPool.sol';\n",
  "import {ABPool} from './ABPool.sol';\nimport {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';\n",
];
const balance = (token: string): string => `IERC20(${token}).balanceOf(address(this))`;
const TAKE_CHECK = '_checkMoved(token, amount, held, IERC20(token).balanceOf(address(this)));';
const TAKE_TRANSFER = 'IERC20(token).safeTransferFrom(from, address(this), amount);';
const WITHDRAWAL = `_payOrKeep(pool.tokenA, user, order.recipient, amountA);
        _payOrKeep(pool.tokenB, user, order.recipient, amountB);`;
const PAYOUT = `try this.payOut{gas: PAYOUT_GAS_MAX}(token, recipient, amount) {} catch {
            _kept[user][token] += amount;
            emit PayoutKept(user, token, amount);
        }`;
const SEND_CHECK = '_checkMoved(token, amount, IERC20(token).balanceOf(address(this)), held);';

export const POOL_GUARDS: readonly Guard[] = [
  {
    attack: 'firstDepositorInflation_byRounding_gainsNothing',
    guard: 'the first deposit locks a minimum of liquidity',
    source: POOL,
    changes: [['MINIMUM_LIQUIDITY = 1_000;', 'MINIMUM_LIQUIDITY = 0;']],
  },
  {
    attack: 'firstDepositorInflation_byDonation_gainsNothing',
    guard: 'deposits count reserves, never balances',
    source: LEDGER,
    changes: [
      IMPORT_ERC20,
      [
        `if (amountADesired == 0 || amountBDesired == 0) revert ZeroAmount();
        (uint256 reserveA, uint256 reserveB) = (pool.reserveA, pool.reserveB);`,
        `(uint256 reserveA, uint256 reserveB) = (${balance('pool.tokenA')}, ${balance('pool.tokenB')});`,
      ],
    ],
  },
  {
    attack: 'donation_movesNoPrice',
    guard: 'prices count reserves, never balances',
    source: LEDGER,
    changes: [
      IMPORT_ERC20,
      [
        '(pool.tokenB, pool.reserveA, pool.reserveB);',
        `(pool.tokenB, ${balance('pool.tokenA')}, ${balance('pool.tokenB')});`,
      ],
    ],
  },
  {
    attack: 'poolBeforeTheLaunch_cannotBeOpened',
    guard: 'what has no code yet is no token',
    source: MANAGER,
    changes: [
      [
        `uint256 held = IERC20(token).balanceOf(address(this));
        ${TAKE_TRANSFER}
        ${TAKE_CHECK}`,
        `(bool moved, ) = token.call(abi.encodeCall(IERC20.transferFrom, (from, address(this), amount)));
        require(moved);`,
      ],
    ],
  },
  {
    attack: 'poolBeforeTheLaunch_cannotBeOpened',
    guard: 'the launch opens the pool in the same transaction',
    source: 'tokens/ABTokenFactory.sol',
    changes: [
      [
        `bytes memory result = liquidityManager.functionCall(abi.encodePacked(call, _msgSender()));
        poolId = abi.decode(result, (bytes32));`,
        'poolId = keccak256(call);',
      ],
    ],
  },
  {
    attack: 'poolBeforeTheLaunch_cannotBeOpened',
    guard: 'a pool is opened once',
    source: LEDGER,
    changes: [['if (_pools[poolId].tokenA != address(0)) revert PoolExists(poolId);', '']],
  },
  {
    attack: 'foreseenAddress_isTakenByNobodyElse',
    guard: 'the address follows from who makes the token',
    source: 'tokens/ABTokenFactory.sol',
    changes: [
      ['_creationCode(creator, parameters, allowance)', '_creationCode(address(1), parameters, allowance)'],
    ],
  },
  {
    attack: 'foreseenAddress_isTakenByNobodyElse',
    guard: 'and from how many they made before',
    source: 'tokens/ABTokenFactory.sol',
    changes: [['keccak256(abi.encode(creator, _tokensOf[creator].length))', 'bytes32(0)']],
  },
  {
    attack: 'feeOnTransferToken_isRefusedOnTheWayInAndOutButLeavesItsHoldersFree',
    guard: 'what arrives is measured',
    source: MANAGER,
    changes: [[TAKE_CHECK, '']],
  },
  {
    attack: 'feeOnTransferToken_isRefusedOnTheWayInAndOutButLeavesItsHoldersFree',
    guard: 'what a swap pays is measured',
    source: MANAGER,
    changes: [['_checkMoved(token, amount, held, IERC20(token).balanceOf(to));', '']],
  },
  {
    attack: 'feeOnTransferToken_isRefusedOnTheWayInAndOutButLeavesItsHoldersFree',
    guard: 'what a withdrawal pays is not measured',
    source: MANAGER,
    changes: [
      [
        WITHDRAWAL,
        `_pay(pool.tokenA, order.recipient, amountA);
        _pay(pool.tokenB, order.recipient, amountB);`,
      ],
    ],
  },
  {
    attack: 'rebasingToken_drawsOnNoOtherPool',
    guard: 'what arrives is measured',
    source: MANAGER,
    changes: [[TAKE_CHECK, '']],
  },
  {
    attack: 'tokenThatReturnsFalse_isTakenAtItsWord',
    guard: 'false is a failure on the way in',
    source: MANAGER,
    changes: [[TAKE_TRANSFER, 'IERC20(token).transferFrom(from, address(this), amount);']],
  },
  {
    attack: 'tokenThatReturnsFalse_isTakenAtItsWord',
    guard: 'false is a failure when leaving',
    source: ADMINISTRATION,
    changes: [
      ['IERC20(token).safeTransfer(to, amount);', 'IERC20(token).transfer(to, amount);'],
      [SEND_CHECK, ''],
    ],
  },
  {
    attack: 'tokenThatReturnsFalse_isTakenAtItsWord',
    guard: 'what cannot be paid is kept',
    source: MANAGER,
    changes: [[PAYOUT, '_send(token, recipient, amount);']],
  },
  {
    attack: 'tokenThatRefusesOrBurnsAllGas_keepsNobodyIn',
    guard: 'one side is paid without the other',
    source: MANAGER,
    changes: [[PAYOUT, '_send(token, recipient, amount);']],
  },
  {
    attack: 'tokenThatRefusesOrBurnsAllGas_keepsNobodyIn',
    guard: 'a token gets so much gas only',
    source: MANAGER,
    changes: [['this.payOut{gas: PAYOUT_GAS_MAX}(', 'this.payOut(']],
  },
  {
    attack: 'tokenThatRefusesOrBurnsAllGas_keepsNobodyIn',
    guard: 'what is kept is claimed once',
    source: MANAGER,
    changes: [['_kept[user][token] = 0;', '']],
  },
  {
    attack: 'payOut_isNobodysToCall',
    guard: 'the manager alone pays out',
    source: MANAGER,
    changes: [['if (msg.sender != address(this)) revert NotThisContract(msg.sender);', '']],
  },
  {
    attack: 'tokenThatTakesMoreThanItIsTold_takesNothingOfOthers',
    guard: 'what leaves is measured',
    source: ADMINISTRATION,
    changes: [[SEND_CHECK, '']],
  },
  {
    attack: 'contractThatPassesOnWhatItReceives_isPaid',
    guard: 'the balance of a contract tells nothing',
    source: MANAGER,
    changes: [['if (to.code.length != 0) return _send(token, to, amount);', '']],
  },
  {
    attack: 'depositAfterThePriceMoved_keepsItsMinimums',
    guard: 'nothing of the scarcer token is rounded up',
    source: POOL,
    changes: [
      [
        'scarcer = (otherDesired * scarcerReserve) / otherReserve;',
        'scarcer = Math.ceilDiv(otherDesired * scarcerReserve, otherReserve);',
      ],
    ],
  },
  {
    attack: 'depositAfterThePriceMoved_keepsItsMinimums',
    guard: 'minimums are held against the quote',
    source: MANAGER,
    changes: [
      ['_requireMinimum(pool.tokenA, made.quotedA,', '_requireMinimum(pool.tokenA, made.amountA,'],
      ['_requireMinimum(pool.tokenB, made.quotedB,', '_requireMinimum(pool.tokenB, made.amountB,'],
    ],
  },
  {
    attack: 'guardianWhoTurns_stopsTheMarketForAWhileOnly',
    guard: 'a pause ends by itself',
    source: ADMINISTRATION,
    changes: [['return block.timestamp < _pausedUntil;', 'return _pausedUntil != 0;']],
  },
  {
    attack: 'guardianWhoTurns_stopsTheMarketForAWhileOnly',
    guard: 'the guardian rests',
    source: ADMINISTRATION,
    changes: [['if (block.timestamp < _guardianPausesFrom) revert GuardianRests(_guardianPausesFrom);', '']],
  },
  {
    attack: 'tokenThatReturnsNothing_works',
    guard: 'silence is success',
    source: MANAGER,
    changes: [[TAKE_TRANSFER, 'require(IERC20(token).transferFrom(from, address(this), amount));']],
  },
  {
    attack: 'reentrancy_findsEveryFunctionAndEveryViewClosed',
    guard: 'functions are closed during a call',
    source: REENTRANCY,
    changes: [['will be false\n        _nonReentrantBeforeView();', 'will be false']],
  },
  {
    attack: 'reentrancy_findsEveryFunctionAndEveryViewClosed',
    guard: 'views are closed during a call',
    source: REENTRANCY,
    changes: [
      ['modifier nonReentrantView() {\n        _nonReentrantBeforeView();', 'modifier nonReentrantView() {'],
    ],
  },
  {
    attack: 'sandwich_isBoundedByTheMinimumOut',
    guard: 'the least amount out',
    source: MANAGER,
    changes: [['_requireMinimum(trade.tokenOut, amountOut, amountOutMin);', '']],
  },
  {
    attack: 'sandwichOfALiquidityProvider_isBoundedByTheMinimumAmounts',
    guard: 'the least amounts of a withdrawal',
    source: MANAGER,
    changes: [
      [
        `_requireMinimum(pool.tokenA, amountA, order.amountAMin);
        _requireMinimum(pool.tokenB, amountB, order.amountBMin);`,
        '',
      ],
    ],
  },
  {
    attack: 'sandwichOfALiquidityProvider_isBoundedByTheMinimumAmounts',
    guard: 'the least amounts of a deposit',
    source: MANAGER,
    changes: [
      [
        `_requireMinimum(pool.tokenA, made.quotedA, order.amountAMin);
        _requireMinimum(pool.tokenB, made.quotedB, order.amountBMin);`,
        '',
      ],
    ],
  },
  {
    attack: 'sandwichOfARoute_isBoundedByItsMinimumOutAndMaximumIn',
    guard: 'the least amount out of a route',
    source: ROUTER,
    changes: [['if (amountOut < amountOutMin) revert AmountOutBelowMinimum(amountOut, amountOutMin);', '']],
  },
  {
    attack: 'sandwichOfARoute_isBoundedByItsMinimumOutAndMaximumIn',
    guard: 'the most that a route may take',
    source: ROUTER,
    changes: [['if (amountIn > amountInMax) revert AmountInAboveMaximum(amountIn, amountInMax);', '']],
  },
  {
    attack: 'expiredDeadline_executesNothing',
    guard: 'the deadline',
    source: MANAGER,
    changes: [['if (block.timestamp > deadline) revert DeadlineExpired(deadline, block.timestamp);', '']],
  },
  {
    attack: 'dustAtTinyLiquidity_buysNothing',
    guard: 'a swap that buys nothing is refused',
    source: POOL,
    changes: [['if (result == 0) revert IABPoolErrors.InsufficientAmountOut();', '']],
  },
  {
    attack: 'dustAtTinyLiquidity_buysNothing',
    guard: 'amounts out are rounded down',
    source: POOL,
    changes: [
      ['reserveIn * BASIS_POINTS + afterFee);', 'reserveIn * BASIS_POINTS + afterFee, Math.Rounding.Ceil);'],
    ],
  },
];
