// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC2771Context} from '@openzeppelin/contracts/metatx/ERC2771Context.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {SafeERC20} from '@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {ABLiquidityAdministration} from './ABLiquidityAdministration.sol';
import {ABPool} from './ABPool.sol';
import {ABPoolLedger} from './ABPoolLedger.sol';

/// @title Holds all pools (documented in IABLiquidityManager)
/// @dev Reserves are counted, never read from balances: what is sent here outside of these functions changes no price
/// and belongs to nobody. The books are complete and their events out before any token is called.
contract ABLiquidityManager is ABPoolLedger {
    using SafeERC20 for IERC20;

    /// @dev What one side of a withdrawal may take of gas: what burns more is kept for its owner, and the other side is paid.
    uint256 private constant PAYOUT_GAS_MAX = 300_000;

    /// @notice Trusted, like the forwarder, to append its own caller to what it calls.
    address public immutable router;
    /// @notice Trusted in the same way, to open a new token's first pool for its creator.
    address public immutable tokenFactory;
    mapping(address user => mapping(address token => uint256)) private _kept;

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert DeadlineExpired(deadline, block.timestamp);
        _;
    }

    /// @param owner_ sets fees, fee recipient and guardian, and ends a pause
    /// @param guardian_ may pause; address zero for the owner alone
    constructor(
        address trustedForwarder_,
        address router_,
        address tokenFactory_,
        address owner_,
        address feeRecipient_,
        address guardian_
    ) RelayedOwnable(trustedForwarder_, owner_) ABLiquidityAdministration(feeRecipient_, guardian_) {
        router = router_;
        tokenFactory = tokenFactory_;
    }

    /// @inheritdoc IABLiquidityManager
    function createPool(
        address tokenX,
        address tokenY,
        uint256 amountX,
        uint256 amountY,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (bytes32 poolId) {
        (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY);
        (uint256 amountA, uint256 amountB) = tokenX == tokenA ? (amountX, amountY) : (amountY, amountX);
        address user = _msgSender();
        poolId = _openPool(tokenA, tokenB, user, amountA, amountB);

        _take(tokenA, user, amountA);
        _take(tokenB, user, amountB);
    }

    /// @inheritdoc IABLiquidityManager
    function addLiquidity(
        bytes32 poolId,
        uint256 amountADesired,
        uint256 amountBDesired,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity) {
        return
            _addLiquidity(
                Deposit(poolId, amountADesired, amountBDesired, amountAMin, amountBMin, 0, deadline)
            );
    }

    /// @inheritdoc IABLiquidityManager
    function deposit(
        Deposit calldata order
    ) external returns (uint256 amountA, uint256 amountB, uint256 liquidity) {
        return _addLiquidity(order);
    }

    /// @inheritdoc IABLiquidityManager
    function removeLiquidity(
        bytes32 poolId,
        uint256 liquidity,
        uint256 amountAMin,
        uint256 amountBMin,
        uint256 deadline
    ) external returns (uint256 amountA, uint256 amountB) {
        return
            _removeLiquidity(Withdrawal(poolId, liquidity, amountAMin, amountBMin, _msgSender(), deadline));
    }

    /// @inheritdoc IABLiquidityManager
    function withdraw(Withdrawal calldata order) external returns (uint256 amountA, uint256 amountB) {
        return _removeLiquidity(order);
    }

    /// @inheritdoc IABLiquidityManager
    function claim(address token, address recipient) external nonReentrant returns (uint256 amount) {
        address user = _msgSender();
        amount = _kept[user][token];
        if (amount == 0) revert NothingKept(user, token);
        _kept[user][token] = 0;
        emit PayoutClaimed(user, token, recipient, amount);
        _send(token, recipient, amount);
    }

    /// @inheritdoc IABLiquidityManager
    function payOut(address token, address recipient, uint256 amount) external {
        if (msg.sender != address(this)) revert NotThisContract(msg.sender);
        _send(token, recipient, amount);
    }

    /// @inheritdoc IABLiquidityManager
    function swap(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn,
        uint256 amountOutMin,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amountOut) {
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        amountOut = ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
        _requireMinimum(trade.tokenOut, amountOut, amountOutMin);

        address user = _msgSender();
        _exchange(trade, user, amountIn, amountOut);

        _take(tokenIn, user, amountIn);
        _pay(trade.tokenOut, user, amountOut);
    }

    /// @inheritdoc IABLiquidityManager
    function swapRoute(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) {
        if (tokens.length < 2 || amounts.length != tokens.length) {
            revert InvalidRoute(tokens.length, amounts.length);
        }
        uint256 last = tokens.length - 1;
        address user = _msgSender();
        bytes32[] memory used = new bytes32[](last);
        for (uint256 i = 0; i < last; ++i) {
            used[i] = _exchangeStep(user, tokens[i], tokens[i + 1], amounts[i], amounts[i + 1]);
            for (uint256 j = 0; j < i; ++j) if (used[j] == used[i]) revert PoolUsedTwice(used[i]);
        }
        _take(tokens[0], user, amounts[0]);
        _pay(tokens[last], user, amounts[last]);
    }

    /// @inheritdoc IABLiquidityManager
    function getPool(
        bytes32 poolId
    )
        external
        view
        nonReentrantView
        returns (address tokenA, address tokenB, uint256 reserveA, uint256 reserveB, uint256 totalLiquidity)
    {
        ABPool.State storage pool = _pools[poolId];
        return (pool.tokenA, pool.tokenB, pool.reserveA, pool.reserveB, pool.totalLiquidity);
    }

    /// @inheritdoc IABLiquidityManager
    function liquidityOf(
        bytes32 poolId,
        address user
    ) external view nonReentrantView returns (uint256 liquidity) {
        return _liquidity[poolId][user];
    }

    /// @inheritdoc IABLiquidityManager
    function keptFor(address user, address token) external view nonReentrantView returns (uint256 amount) {
        return _kept[user][token];
    }

    /// @inheritdoc IABLiquidityManager
    function poolIdOf(address tokenX, address tokenY) external pure returns (bytes32 poolId) {
        (address tokenA, address tokenB) = ABPool.sort(tokenX, tokenY);
        return ABPool.idOf(tokenA, tokenB);
    }

    /// @inheritdoc IABLiquidityManager
    function quoteAmountOut(
        bytes32 poolId,
        address tokenIn,
        uint256 amountIn
    ) external view nonReentrantView returns (uint256 amountOut) {
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        amountOut = ABPool.getAmountOut(amountIn, trade.reserveIn, trade.reserveOut, swapFee());
        _afterTakingIn(trade, amountIn);
    }

    /// @inheritdoc IABLiquidityManager
    function quoteAmountIn(
        bytes32 poolId,
        address tokenIn,
        uint256 amountOut
    ) external view nonReentrantView returns (uint256 amountIn) {
        Trade memory trade = _tradeFrom(poolId, tokenIn);
        amountIn = ABPool.getAmountIn(amountOut, trade.reserveIn, trade.reserveOut, swapFee());
        _afterTakingIn(trade, amountIn);
    }

    /// @notice Whose word is taken for who calls: the forwarder's, the router's and the token factory's.
    /// @param forwarder any account
    /// @return trusted true for these three
    function isTrustedForwarder(address forwarder) public view override returns (bool trusted) {
        return super.isTrustedForwarder(forwarder) || forwarder == router || forwarder == tokenFactory;
    }

    function _addLiquidity(
        Deposit memory order
    )
        private
        nonReentrant
        whenNotPaused
        before(order.deadline)
        returns (uint256 amountA, uint256 amountB, uint256 liquidity)
    {
        ABPool.State storage pool = _existing(order.poolId);
        address user = _msgSender();
        Deposited memory made = _deposit(
            pool,
            order.poolId,
            user,
            order.amountADesired,
            order.amountBDesired
        );
        _requireMinimum(pool.tokenA, made.quotedA, order.amountAMin);
        _requireMinimum(pool.tokenB, made.quotedB, order.amountBMin);
        if (made.liquidity < order.liquidityMin) {
            revert LiquidityBelowMinimum(made.liquidity, order.liquidityMin);
        }

        _take(pool.tokenA, user, made.amountA);
        _take(pool.tokenB, user, made.amountB);
        return (made.amountA, made.amountB, made.liquidity);
    }

    function _removeLiquidity(
        Withdrawal memory order
    ) private nonReentrant before(order.deadline) returns (uint256 amountA, uint256 amountB) {
        if (order.recipient == address(0)) revert InvalidRecipient(order.recipient);
        ABPool.State storage pool = _existing(order.poolId);
        address user = _msgSender();
        (amountA, amountB) = _withdraw(pool, order.poolId, user, order.liquidity);
        _requireMinimum(pool.tokenA, amountA, order.amountAMin);
        _requireMinimum(pool.tokenB, amountB, order.amountBMin);

        _payOrKeep(pool.tokenA, user, order.recipient, amountA);
        _payOrKeep(pool.tokenB, user, order.recipient, amountB);
    }

    /// @dev Nothing that one token does may keep its holders from leaving with the other. Too little gas keeps nothing back of a token
    /// that works: it fails as a whole, because of the gas that such a call runs out of only a 64th is left here (EIP-150), less than
    /// what keeping takes.
    function _payOrKeep(address token, address user, address recipient, uint256 amount) private {
        if (amount == 0) return;
        try this.payOut{gas: PAYOUT_GAS_MAX}(token, recipient, amount) {} catch {
            _kept[user][token] += amount;
            emit PayoutKept(user, token, amount);
        }
    }

    function _requireMinimum(address token, uint256 amount, uint256 minimum) private pure {
        if (amount < minimum) revert AmountBelowMinimum(token, amount, minimum);
    }

    /// @dev Refuses tokens that deliver another amount than asked for.
    function _take(address token, address from, uint256 amount) private {
        uint256 held = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        _checkMoved(token, amount, held, IERC20(token).balanceOf(address(this)));
    }

    /// @dev Refuses tokens by which the user would receive another amount than the one that the bounds were checked for. A
    /// contract may pass on what it receives while it receives it, so that its balance tells nothing.
    function _pay(address token, address to, uint256 amount) private {
        if (to.code.length != 0) return _send(token, to, amount);
        uint256 held = IERC20(token).balanceOf(to);
        _send(token, to, amount);
        _checkMoved(token, amount, held, IERC20(token).balanceOf(to));
    }
}
