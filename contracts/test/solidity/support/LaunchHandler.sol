// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {IABPoolErrors} from '../../../interfaces/IABPoolErrors.sol';
import {IABTokenFactory} from '../../../interfaces/IABTokenFactory.sol';
import {Market} from './Market.sol';

/// @title People launch tokens, alone or with their first pool, and others try to be first, in any order
contract LaunchHandler is Market {
    struct Launched {
        address token;
        address creator;
        uint256 supply;
        bytes32 poolId;
        bool deactivated;
    }

    uint256 private constant TOKENS_MAX = 12;

    Launched[] private _launched;
    mapping(address creator => uint256) public countOf;
    uint256 public fee;
    uint256 public feesPaid;
    uint256 public feesCollected;
    address private _base;

    constructor() {
        deployMarket();
        for (uint256 i = 0; i < ACTORS; ++i) vm.deal(actorOf(i), 10 ** 24);
        vm.prank(actorOf(0));
        _base = factory.createToken('Base', 'BASE', 10 ** 27, 18, '');
        for (uint256 i = 0; i < ACTORS; ++i) {
            vm.prank(actorOf(0));
            IERC20(_base).transfer(actorOf(i), 10 ** 26);
            vm.prank(actorOf(i));
            IERC20(_base).approve(address(manager), type(uint256).max);
        }
    }

    function createToken(uint256 actorSeed, uint256 supply, uint256 value) external {
        if (_launched.length == TOKENS_MAX) return;
        address actor = actorOf(actorSeed);
        supply = boundLog(supply, 10 ** 18, 10 ** 45);
        value = value % 4 == 0 ? value % 10 ** 18 : fee;
        vm.prank(actor);
        try factory.createToken{value: value}('Token', 'TOKEN', supply, 18, '') returns (address token) {
            assertEq(value, fee, 'made for another fee');
            _record(Launched(token, actor, supply, 0, false));
        } catch {
            assertTrue(value != fee, 'a token refused');
        }
    }

    /// @dev Somebody tries to open the pool before the launch, at another price; they cannot, and the launch's price holds.
    function createTokenWithPool(
        uint256 actorSeed,
        uint256 supply,
        uint256 amountToken,
        uint256 amountBase
    ) external {
        if (_launched.length == TOKENS_MAX) return;
        address actor = actorOf(actorSeed);
        supply = boundLog(supply, 10 ** 18, 10 ** 45);
        amountToken = boundLog(amountToken, 10 ** 4, supply < type(uint128).max ? supply : type(uint128).max);
        amountBase = boundLog(amountBase, 10 ** 4, 10 ** 22);
        IABTokenFactory.TokenParameters memory parameters = IABTokenFactory.TokenParameters(
            'Token',
            'TOKEN',
            supply,
            18,
            ''
        );
        address future = factory.nextTokenAddress(actor, parameters, amountToken);
        vm.prank(actorOf(actorSeed / 2));
        try manager.createPool(future, _base, 10 ** 6, 10 ** 6, NO_DEADLINE) {
            assertTrue(false, 'a pool of a token that is not there yet');
        } catch {}
        vm.prank(actor);
        (address token, bytes32 poolId) = factory.createTokenWithPool{value: fee}(
            parameters,
            amountToken,
            _base,
            amountBase,
            NO_DEADLINE
        );
        assertTrue(token == future, 'the token is where it was foreseen');
        _assertReserves(actor, poolId, token, amountToken, amountBase);
        _record(Launched(token, actor, supply, poolId, false));
    }

    function deactivate(uint256 actorSeed, uint256 tokenSeed) external {
        if (_launched.length == 0) return;
        Launched storage launched = _launched[tokenSeed % _launched.length];
        address caller = actorSeed % 6 == 5 ? owner : actorOf(actorSeed);
        bool mayDeactivate = !launched.deactivated && (caller == launched.creator || caller == owner);
        vm.prank(caller);
        try factory.deactivateToken(launched.token) {
            assertTrue(mayDeactivate, 'deactivated by another, or twice');
            launched.deactivated = true;
        } catch {
            assertTrue(!mayDeactivate, 'the creator could not deactivate');
        }
    }

    /// @dev A deactivated token moves, trades and is withdrawn as before.
    function use(uint256 actorSeed, uint256 tokenSeed, uint256 amount) external {
        if (_launched.length == 0) return;
        Launched storage launched = _launched[tokenSeed % _launched.length];
        uint256 held = IERC20(launched.token).balanceOf(launched.creator);
        vm.prank(launched.creator);
        IERC20(launched.token).transfer(actorOf(actorSeed), boundLog(amount, 0, held));
        uint256 liquidity = manager.liquidityOf(launched.poolId, launched.creator);
        if (liquidity < 100) return;
        vm.prank(launched.creator);
        try manager.removeLiquidity(launched.poolId, liquidity / 100, 0, 0, NO_DEADLINE) {} catch (
            bytes memory reason
        ) {
            assertTrue(bytes4(reason) == IABPoolErrors.InsufficientLiquidityRemoved.selector, 'not let out');
        }
        vm.prank(actorOf(actorSeed));
        try manager.swap(launched.poolId, _base, 10 ** 15, 0, NO_DEADLINE) {} catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IABPoolErrors.InsufficientAmountOut.selector, 'not traded');
        }
    }

    function setFee(uint256 newFee) external {
        fee = newFee % 10 ** 18;
        vm.prank(owner);
        factory.setCreationFee(fee);
    }

    function collectFees(uint256 anyone) external {
        vm.prank(actorOf(anyone));
        feesCollected += factory.collectCreationFees();
    }

    function assertBooks() external view {
        assertEq(address(factory).balance, feesPaid - feesCollected, 'fees held');
        assertEq(treasury.balance, feesCollected, 'fees collected');
        for (uint256 i = 0; i < ACTORS; ++i) {
            assertEq(factory.tokenCountOf(actorOf(i)), countOf[actorOf(i)] + (i == 0 ? 1 : 0), 'tokens');
        }
        for (uint256 i = 0; i < _launched.length; ++i) _assertToken(_launched[i]);
    }

    function launchedCount() external view returns (uint256) {
        return _launched.length;
    }

    function _record(Launched memory launched) private {
        _launched.push(launched);
        ++countOf[launched.creator];
        feesPaid += fee;
    }

    /// @dev Every unit is somebody's: nothing is minted or lost.
    function _assertToken(Launched memory launched) private view {
        IERC20 token = IERC20(launched.token);
        assertEq(token.totalSupply(), launched.supply, 'supply');
        uint256 sum = token.balanceOf(address(manager));
        for (uint256 i = 0; i < ACTORS; ++i) sum += token.balanceOf(actorOf(i));
        assertEq(sum, launched.supply, 'balances');
        assertTrue(factory.creatorOf(launched.token) == launched.creator, 'creator');
        assertTrue(factory.isActive(launched.token) != launched.deactivated, 'active');
    }

    function _assertReserves(
        address creator,
        bytes32 poolId,
        address token,
        uint256 amountToken,
        uint256 amountBase
    ) private view {
        (address tokenA, , uint256 reserveA, uint256 reserveB, ) = manager.getPool(poolId);
        assertEq(tokenA == token ? reserveA : reserveB, amountToken, 'reserve of the new token');
        assertEq(tokenA == token ? reserveB : reserveA, amountBase, 'reserve of the other token');
        assertEq(IERC20(token).allowance(creator, address(manager)), 0, 'nothing left of the allowance');
    }
}
